"""The saved model as a folder, and the folder as a frozen value. Writer and reader side by side.

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
import math
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from fazhi.model.cleaning import CLEANING_VERSION
from fazhi.model.labels import Scheme, load_scheme
from fazhi.model.reading import InputError
from fazhi.model.report import MODEL_TEXT_FORMAT, SEGMENTER_VERSION

BUNDLE_FORMAT = 1
DEFAULT_BUNDLE = "linear"


@dataclass(frozen=True, slots=True)
class SectionChain:
    """What follows what: log-probabilities of sections, columns in scheme order.

    Attributes:
        initial: (sections,), of the first paragraph that is no heading.
        within: (sections, sections), of column after row inside a chapter.
        across: (sections, sections), of column after row when a chapter heading lies between.
    """

    initial: tuple[float, ...]
    within: tuple[tuple[float, ...], ...]
    across: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Decisions:
    """How scores become tags; chosen on out-of-fold scores, never on test parts.

    Attributes:
        theme_thresholds: One probability per theme, scheme order; a theme is given at or above it.
        theme_temperature: Theme logits are divided by it before the sigmoid.
        section_temperature: Section logits are divided by it before the softmax.
        theme_margin: Distance in log-odds from its threshold under which a theme leaves the paragraph to `check`.
        section_minimum: Posterior of the section under which the paragraph is `check`.
        chain: What section follows what.
    """

    theme_thresholds: tuple[float, ...]
    theme_temperature: float
    section_temperature: float
    theme_margin: float
    section_minimum: float
    chain: SectionChain


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle says about itself.

    Attributes:
        base: Name of the encoder that was tuned; empty where none was.
        base_licence: What the base may be used for, as whoever trained said.
        encoder: How an encoder is fed (prefix, maximum length); empty for other kinds.
        linear_share: What the logits of the linear model count that stands beside an encoder; 0 without one.
        export: Of which bundle it is an export, how its numbers are kept, what the gate found; empty otherwise.
    """

    kind: str
    name: str
    version: str
    scheme: str
    training_data: str
    settings: dict[str, Any]
    metrics: dict[str, Any]
    created: str
    base: str = ""
    base_licence: str = ""
    licence: str = "Apache-2.0"
    bundle_format: int = BUNDLE_FORMAT
    model_text: str = MODEL_TEXT_FORMAT
    cleaning: str = CLEANING_VERSION
    segmenter: str = SEGMENTER_VERSION
    encoder: dict[str, Any] = field(default_factory=dict)
    linear_share: float = 0.0
    export: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was read and checked; `folder` holds the scorer's own files."""

    folder: Path
    manifest: Manifest
    scheme: Scheme
    decisions: Decisions

    @property
    def label(self) -> str:
        """`name@version`, as results carry it."""
        return f"{self.manifest.name}@{self.manifest.version}"


def write_bundle(
    folder: Path, manifest: Manifest, scheme_source: str, decisions: Decisions, write_files: Callable[[Path], None]
) -> None:
    """Write a bundle beside its place and swap it in; an older one survives any failure.

    Args:
        folder: Where the bundle goes; what is there is replaced.
        manifest: Without file hashes; they are filled in here.
        scheme_source: Text of labels.toml.
        decisions: Goes to thresholds.json.
        write_files: Writes the scorer's own files into the folder it is given.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        draft.chmod(0o755)
        (draft / "labels.toml").write_text(scheme_source, encoding="utf-8")
        _write_json(draft / "thresholds.json", asdict(decisions))
        write_files(draft)
        hashes = {path.name: _sha256(path) for path in sorted(draft.iterdir())}
        _write_json(draft / "manifest.json", {**asdict(manifest), "files": hashes})
        _swap(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def read_bundle(folder: Path) -> Bundle:
    """Read and check a bundle.

    Raises:
        InputError: No bundle, altered or truncated, of another format or scheme; the message says what differs.
    """
    raw = _read_json(folder, "manifest.json")
    if raw.get("bundle_format") != BUNDLE_FORMAT:
        raise InputError(
            str(folder), f"is of bundle format {raw.get('bundle_format')}, not {BUNDLE_FORMAT}", "export it again"
        )
    try:
        manifest = Manifest(**raw)
    except TypeError as error:
        raise InputError(
            str(folder / "manifest.json"), f"is no manifest ({error})", "export the bundle again"
        ) from None
    _check_hashes(folder, manifest)
    scheme = load_scheme(folder / "labels.toml")
    _check_versions(folder, manifest, scheme)
    return Bundle(folder, manifest, scheme, _read_decisions(folder, scheme))


def find_bundle(name: str | Path | None = None) -> Path:
    """Return the folder of a bundle: a path as it is, a plain name from the package, the default without one.

    Raises:
        InputError: Neither a folder nor the name of a bundle that ships.
    """
    wanted = str(name or DEFAULT_BUNDLE)
    if Path(wanted).is_dir():
        return Path(wanted)
    shipped = Path(str(resources.files("fazhi.model"))) / "bundles"
    if os.sep not in wanted and (shipped / wanted / "manifest.json").is_file():
        return shipped / wanted
    names = ", ".join(sorted(path.name for path in shipped.iterdir() if path.is_dir())) if shipped.is_dir() else ""
    raise InputError(wanted, "is neither a bundle folder nor a bundle that ships", f"these ship: {names or 'none'}")


def _swap(draft: Path, folder: Path) -> None:
    """Put the draft in place with two renames; the old folder is deleted last."""
    old = folder.with_name(f".{folder.name}-old-{os.getpid()}")
    if folder.exists():
        os.replace(folder, old)
    os.replace(draft, folder)
    shutil.rmtree(old, ignore_errors=True)


def _check_hashes(folder: Path, manifest: Manifest) -> None:
    """Check that the folder holds the files of the manifest and no others, each with its hash."""
    if not isinstance(manifest.files, dict) or not manifest.files:
        raise InputError(str(folder / "manifest.json"), "names no files", "copy or export the bundle again")
    found = {path.name for path in folder.iterdir()} - {"manifest.json"}
    for name in sorted(found ^ set(manifest.files)):
        what = "is not named in the manifest" if name in found else "is missing from the bundle"
        raise InputError(str(folder / name), what, "copy or export the bundle again")
    for name, expected in manifest.files.items():
        if _sha256(folder / name) != expected:
            raise InputError(str(folder / name), "is not the file that the manifest names", "copy or export it again")


def _check_versions(folder: Path, manifest: Manifest, scheme: Scheme) -> None:
    ours = load_scheme()
    pairs = {
        "label scheme": (manifest.scheme, ours.fingerprint),
        "labels.toml": (scheme.fingerprint, ours.fingerprint),
        "model_text format": (manifest.model_text, MODEL_TEXT_FORMAT),
        "cleaning": (manifest.cleaning, CLEANING_VERSION),
        "segmenter": (manifest.segmenter, SEGMENTER_VERSION),
    }
    differing = [f"{what} {theirs} (here {mine})" for what, (theirs, mine) in pairs.items() if theirs != mine]
    if differing:
        raise InputError(str(folder), f"was made for another {', '.join(differing)}", "export it with this version")


def _read_decisions(folder: Path, scheme: Scheme) -> Decisions:
    raw = _read_json(folder, "thresholds.json")
    try:
        tables = {name: tuple(map(tuple, raw["chain"][name])) for name in ("within", "across")}
        chain = SectionChain(initial=tuple(raw["chain"]["initial"]), **tables)
        decisions = Decisions(**{**raw, "theme_thresholds": tuple(raw["theme_thresholds"]), "chain": chain})
    except (TypeError, KeyError) as error:
        where = str(folder / "thresholds.json")
        raise InputError(where, f"is incomplete ({error})", "export the bundle again") from None
    if not _fits(decisions, len(scheme.themes), len(scheme.sections)):
        where = str(folder / "thresholds.json")
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
    if not all(
        isinstance(number, int | float) and math.isfinite(number) for number in (*numbers, *itertools.chain(*rows))
    ):
        return False
    return all(0 <= threshold <= 1 for threshold in decisions.theme_thresholds) and min(single) > 0


def _read_json(folder: Path, name: str) -> dict[str, Any]:
    try:
        data = json.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(str(folder), f"is no bundle (no {name})", "give the folder that `fazhi train` wrote") from None
    except (OSError, ValueError) as error:
        raise InputError(str(folder / name), f"cannot be read ({error})", "copy or export the bundle again") from None
    if not isinstance(data, dict):
        raise InputError(str(folder / name), "is not a JSON object", "copy or export the bundle again")
    return data


def _write_json(path: Path, data: dict[str, Any]) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
