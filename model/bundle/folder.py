"""A bundle as a folder. Writer and reader side by side.

    bundle/manifest.json   who made it of what: kind, name, version, fingerprints, metrics, hash of every file
           labels.toml     the scheme that its columns follow
           thresholds.json thresholds, temperatures, bands, section transitions
           …               the scorer's own files, README.md, LICENSE

Reading refuses whatever does not match this code: format, scheme, `model_text`, cleaning, cut, hashes. What the
scorer's files mean is for `scorers`.
"""

import hashlib
import itertools
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, get_origin

from fazhi.model.bundle.values import BUNDLE_FORMAT, Bundle, Decisions, Manifest, SectionChain
from fazhi.model.cleaning import CLEANING_VERSION
from fazhi.model.labels import Scheme, load_scheme
from fazhi.model.reading import InputError
from fazhi.model.report import MODEL_TEXT_FORMAT, SEGMENTER_VERSION

MANIFEST, _SCHEME, _DECISIONS = "manifest.json", "labels.toml", "thresholds.json"
_MOST_BYTES, _DEEPEST = 4 << 20, 20  # of a JSON file of ours: far more than any of them has
_AGAIN = "copy or export the bundle again"


def write_bundle(
    folder: Path, manifest: Manifest, scheme_source: str, decisions: Decisions, write_files: Callable[[Path], None]
) -> None:
    """Write a bundle beside its place and swap it in; an older one survives any failure.

    Args:
        folder: Where the bundle goes; an older bundle there is replaced.
        manifest: Without file hashes; they are filled in here.
        scheme_source: Text of labels.toml.
        decisions: Goes to thresholds.json.
        write_files: Writes the scorer's own files into the folder it is given.

    Raises:
        InputError: Something else than a bundle is there.
    """
    check_place(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        draft.chmod(0o755)
        (draft / _SCHEME).write_text(scheme_source, encoding="utf-8")
        _write_json(draft / _DECISIONS, asdict(decisions))
        write_files(draft)
        hashes = {path.name: _sha256(path) for path in sorted(draft.iterdir())}
        _write_json(draft / MANIFEST, {**asdict(manifest), "files": hashes})
        _swap(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def check_place(folder: Path) -> None:
    """Make sure that writing a bundle here would replace nothing but a bundle.

    Raises:
        InputError: A file, or a folder of something else, is there; or the path names no folder (`.`).
    """
    what = ""
    if not folder.name:
        what = "names no folder of its own"
    elif folder.exists() and not folder.is_dir():
        what = "is a file"
    elif folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        what = "is a folder of something else than a bundle, which would be lost"
    if what:
        raise InputError(str(folder), what, "name a new folder, or that of an older bundle")


def clear_drafts(folder: Path) -> None:
    """Remove what writers of this bundle left beside it that were killed; none may be at work."""
    for draft in folder.parent.glob(f".{folder.name}-*"):
        shutil.rmtree(draft)


def read_bundle(folder: Path) -> Bundle:
    """Read and check a bundle.

    Raises:
        InputError: No bundle, altered or truncated, of another format or scheme; the message says what differs.
    """
    manifest = read_manifest(folder)
    found = [*_wrong_files(folder, manifest), *_wrong_versions(folder, manifest)]
    if len(found) > 1:
        what = f"{found[0].what}, and {len(found) - 1} more differences"
        raise InputError(found[0].where, what, f"`fazhi bundle verify {folder}` names them all")
    if found:
        raise found[0]
    return Bundle(folder, manifest, *_read_contents(folder))


def identity_of(folder: Path) -> str:
    """Return what tells bundles apart, whatever they are called: the hash of the manifest, which hashes all files."""
    return _sha256(folder / MANIFEST)


def read_manifest(folder: Path) -> Manifest:
    """Read what a bundle says about itself; whether that is true, and fits this code, is for `mismatches`.

    Raises:
        InputError: No bundle, of another format, or a manifest with other fields than ours.
    """
    raw = _read_json(folder, MANIFEST)
    if raw.get("bundle_format") != BUNDLE_FORMAT:
        what = f"is of bundle format {raw.get('bundle_format')!r:.20}, not {BUNDLE_FORMAT}"
        raise InputError(str(folder), what, "export it again")
    try:
        manifest = Manifest(**raw)
        _check_types(manifest)
    except TypeError as error:
        raise InputError(str(folder / MANIFEST), f"is no manifest ({error})", "export the bundle again") from None
    return manifest


def mismatches(folder: Path, manifest: Manifest) -> Iterator[InputError]:
    """Yield, one by one, what of a folder differs from its manifest or from this code; nothing of a good bundle.

    Files are looked into only where all of them are those that the manifest names.
    """
    wrong = list(_wrong_files(folder, manifest))
    yield from wrong
    yield from _wrong_versions(folder, manifest)
    if not wrong:
        try:
            _read_contents(folder)
        except InputError as error:
            yield error


def _swap(draft: Path, folder: Path) -> None:
    """Put the draft in place with two renames; the old folder is deleted last."""
    old = folder.with_name(f".{folder.name}-old-{os.getpid()}")
    if folder.exists():
        os.replace(folder, old)
    os.replace(draft, folder)
    shutil.rmtree(old, ignore_errors=True)


def _check_types(manifest: Manifest) -> None:
    """Raise a TypeError that names the first field of another type than declared."""
    for each in fields(manifest):
        declared: Any = get_origin(each.type) or each.type
        value = getattr(manifest, each.name)
        if not isinstance(value, (int, float) if declared is float else declared):
            raise TypeError(f"{each.name} is {type(value).__name__}, not {declared.__name__}")


def _wrong_files(folder: Path, manifest: Manifest) -> Iterator[InputError]:
    """Yield files that are missing, altered, or there without being named."""
    if not manifest.files:
        yield InputError(str(folder / MANIFEST), "names no files", _AGAIN)
        return
    found = {path.name for path in folder.iterdir()} - {MANIFEST}
    for name in sorted(found | set(manifest.files)):
        if name not in manifest.files:
            yield InputError(str(folder / name), "is not named in the manifest", _AGAIN)
        elif name not in found:
            yield InputError(str(folder / name), "is missing from the bundle", _AGAIN)
        elif _sha256(folder / name) != manifest.files[name]:
            yield InputError(str(folder / name), "is not the file that the manifest names", _AGAIN)


def _wrong_versions(folder: Path, manifest: Manifest) -> Iterator[InputError]:
    pairs = {
        "label scheme": (manifest.scheme, load_scheme().fingerprint),
        "model_text format": (manifest.model_text, MODEL_TEXT_FORMAT),
        "cleaning": (manifest.cleaning, CLEANING_VERSION),
        "segmenter": (manifest.segmenter, SEGMENTER_VERSION),
    }
    for what, (theirs, ours) in pairs.items():
        if theirs != ours:
            yield _made_for_another(folder, what, theirs, ours)


def _made_for_another(where: Path, what: str, theirs: str, ours: str) -> InputError:
    return InputError(str(where), f"was made for another {what} {theirs} (here {ours})", "export it with this version")


def _read_contents(folder: Path) -> tuple[Scheme, Decisions]:
    """Read what every bundle has beside its manifest; raise where the scheme is another, though its hash fits."""
    scheme, ours = load_scheme(folder / _SCHEME), load_scheme()
    if scheme.fingerprint != ours.fingerprint:
        raise _made_for_another(folder / _SCHEME, "label scheme", scheme.fingerprint, ours.fingerprint)
    return scheme, _read_decisions(folder, scheme)


def _read_decisions(folder: Path, scheme: Scheme) -> Decisions:
    raw, where = _read_json(folder, _DECISIONS), str(folder / _DECISIONS)
    try:
        tables = {name: tuple(map(tuple, raw["chain"][name])) for name in ("within", "across")}
        chain = SectionChain(initial=tuple(raw["chain"]["initial"]), **tables)
        decisions = Decisions(**{**raw, "theme_thresholds": tuple(raw["theme_thresholds"]), "chain": chain})
    except (TypeError, KeyError) as error:
        raise InputError(where, f"is incomplete ({error})", "export the bundle again") from None
    if not _fits(decisions, len(scheme.themes), len(scheme.sections)):
        raise InputError(where, "does not fit the label scheme", "export the bundle again")
    return decisions


def _fits(decisions: Decisions, themes: int, sections: int) -> bool:
    """Tell whether every number is one, in range, and there are as many as labels."""
    chain = decisions.chain
    single = (decisions.theme_temperature, decisions.section_temperature)
    numbers = (*decisions.theme_thresholds, *single, decisions.theme_margin, decisions.section_minimum, *chain.initial)
    rows = (*chain.within, *chain.across)
    counts = (
        len(decisions.theme_thresholds),
        len(chain.initial),
        len(chain.within),
        len(chain.across),
        *map(len, rows),
    )
    if counts != (themes, *(sections,) * (3 + 2 * sections)):
        return False
    if not all(_is_number(number) for number in (*numbers, *itertools.chain(*rows))):
        return False
    return all(0 <= threshold <= 1 for threshold in decisions.theme_thresholds) and min(single) > 0


def _is_number(value: Any) -> bool:
    """Tell whether a value is a number that a float can hold; JSON may bring NaN and 10 ** 400."""
    return isinstance(value, int | float) and abs(value) <= sys.float_info.max


def _read_json(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    try:
        if not path.is_file():
            raise InputError(str(folder), f"is no bundle (no {name})", "give the folder that `fazhi train` wrote")
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError(f"{path.stat().st_size:,} bytes")
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(str(path), f"cannot be read ({error})", _AGAIN) from None
    if not isinstance(data, dict):
        raise InputError(str(path), "is not a JSON object", _AGAIN)
    if _is_deeper(data, _DEEPEST):
        raise InputError(str(path), f"is nested deeper than {_DEEPEST} levels", _AGAIN)
    return data


def _is_deeper(value: Any, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels == 0 or any(_is_deeper(each, levels - 1) for each in inner)


def _write_json(path: Path, data: dict[str, Any]) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    """Return a file's hash; nothing of a folder, a pipe or a file that may not be read, which is no hash of any."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
