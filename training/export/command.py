"""`fazhi export`: a `torch` bundle in, a `fast` one out, in the smallest numbers that the gate lets through."""

import dataclasses
import datetime
import itertools
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track
from tokenizers import Tokenizer

from fazhi.model.bundle import Bundle, Manifest, check_place, read_bundle, write_bundle
from fazhi.model.encoder import TorchModel, load_model
from fazhi.model.labels import read_examples, scheme_source, trainable
from fazhi.model.reading import InputError, read_document
from fazhi.model.report import Paragraph, segment
from fazhi.model.scorers import Scores, load_scorer
from fazhi.model.scorers.fast import NUMBERS, Heads, write_heads
from fazhi.training.card import encoder_card, encoder_notice
from fazhi.training.export.convert import write_encoder
from fazhi.training.export.gate import Comparison, compare, compare_unseen
from fazhi.training.export.prune import kept_ids, pruned
from fazhi.training.rows import AnsweredReport, answered_reports

_REPLACED = {"encoder.json", "network.safetensors", "tokenizer.json"}
_WRITTEN_ANEW = {"README.md", "NOTICE", "labels.toml", "manifest.json", "thresholds.json"}
_MOST_UNANSWERED = 1000  # paragraphs, half a minute's work


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """The options of `fazhi export`.

    Attributes:
        bundle: Folder of a `torch` bundle.
        examples: Answered paragraphs that the gate compares on.
        texts: Files whose pieces the vocabulary keeps beside those of the examples (the whole vocabulary without any);
            the gate looks at some of their paragraphs too.
        out: Folder of the new bundle; an older one survives any failure.
        name: What the new bundle is called.
        numbers: How weights may be kept, in the order of trying.
    """

    bundle: Path
    examples: tuple[Path, ...]
    texts: tuple[Path, ...]
    out: Path
    name: str
    numbers: tuple[str, ...] = tuple(NUMBERS)


def export(request: ExportRequest) -> str:
    """Write the new bundle; return what the gate found of each way that was tried.

    Raises:
        InputError: No `torch` bundle, bad examples or texts, or no way that passes the gate.
    """
    check_place(request.out)
    bundle = read_bundle(request.bundle)
    if bundle.manifest.kind != "torch":
        raise InputError(
            str(request.bundle), f"is of kind {bundle.manifest.kind}", "give a bundle of `fazhi train encoder`"
        )
    examples = [each for path in request.examples for each in read_examples(path, bundle.scheme)]
    reports = answered_reports(trainable(examples), bundle.scheme)
    if not reports:
        raise InputError("examples", "hold no answered paragraph", "give those that the bundle was trained on")
    unanswered = [each for path in request.texts for each in segment(read_document(path)).paragraphs]
    kept, looked_at = _kept(bundle, reports, unanswered), _Material(reports, tuple(_spread(unanswered)))
    source = _Source(bundle, load_model(bundle), _scores(bundle, looked_at))
    tried = []
    for numbers in request.numbers:
        found = _try(request, source, kept, numbers, looked_at)
        tried.append(f"{numbers}: {len(kept)} pieces; {found}")
        if found.passes:
            return "\n".join(tried) + "\n"
    raise InputError("export", f"errs too much. {'. '.join(tried)}", "keep the torch bundle, or tune again")


@dataclass(frozen=True, slots=True)
class _Material:
    """What two bundles are compared on: answered reports, and paragraphs without answers."""

    reports: Sequence[AnsweredReport]
    unanswered: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Scored:
    """What a bundle said of the material."""

    reports: Sequence[Scores]
    unanswered: Scores


@dataclass(frozen=True, slots=True, eq=False)
class _Source:
    """What is exported, and what it said of the material."""

    bundle: Bundle
    model: TorchModel
    scored: _Scored


def _try(request: ExportRequest, source: _Source, kept: Sequence[int], numbers: str, material: _Material) -> Comparison:
    """Export in one kind of numbers beside the place; write it there with what the gate found if it passes."""
    bundle = source.bundle

    def write(folder: Path, found: dict[str, Any], write_files: Callable[[Path], None]) -> None:
        manifest = _manifest(request, bundle, numbers, found)

        def write_all(draft: Path) -> None:
            write_files(draft)
            (draft / "README.md").write_text(encoder_card(manifest), encoding="utf-8")
            (draft / "NOTICE").write_text(encoder_notice(manifest), encoding="utf-8")

        write_bundle(folder, manifest, scheme_source(), bundle.decisions, write_all)

    request.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{request.out.name}-", dir=request.out.parent) as beside:
        draft = Path(beside) / request.out.name
        write(draft, {}, lambda folder: _convert(source, kept, numbers, folder))
        exported = read_bundle(draft)
        found = _compare(material, source.scored, _scores(exported, material), bundle)
        if found.passes:
            write(request.out, found.as_json(), lambda folder: _copy(exported, folder))
    return found


def _convert(source: _Source, kept: Sequence[int], numbers: str, folder: Path) -> None:
    """Write the exported encoder, and beside it what the source has besides its own."""
    config = json.loads((source.bundle.folder / "encoder.json").read_text(encoding="utf-8"))
    state = {name: value.numpy() for name, value in source.model.network.cpu().state_dict().items()}
    encoder = {name.removeprefix("encoder."): value for name, value in state.items() if name.startswith("encoder.")}
    write_encoder(folder, encoder, config, kept, numbers)
    tokenizer = (source.bundle.folder / "tokenizer.json").read_text(encoding="utf-8")
    write_heads(folder, _heads(state), pruned(tokenizer, kept))
    _copy(source.bundle, folder, _REPLACED)


def _copy(bundle: Bundle, folder: Path, but: AbstractSet[str] = frozenset()) -> None:
    """Copy a bundle's files, but for those that are written anew for every bundle."""
    for name in set(bundle.manifest.files) - _WRITTEN_ANEW - but:
        shutil.copy(bundle.folder / name, folder / name)


def _compare(material: _Material, before: _Scored, after: _Scored, bundle: Bundle) -> Comparison:
    found = compare(material.reports, before.reports, after.reports, bundle.decisions, bundle.scheme)
    if not material.unanswered:
        return found
    return dataclasses.replace(found, unseen=compare_unseen(before.unanswered, after.unanswered, bundle.decisions))


def _manifest(request: ExportRequest, bundle: Bundle, numbers: str, gate: dict[str, Any]) -> Manifest:
    return dataclasses.replace(
        bundle.manifest,
        kind="fast",
        name=request.name,
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        export={"source": bundle.label, "numbers": numbers, **gate},
        files={},
    )


def _heads(state: dict[str, np.ndarray[Any, Any]]) -> Heads:
    return Heads(
        center=state["center"],
        scale=state["scale"],
        theme_weights=state["themes.weight"],
        theme_bias=state["themes.bias"],
        section_weights=state["sections.weight"],
        section_bias=state["sections.bias"],
    )


def _kept(bundle: Bundle, reports: Sequence[AnsweredReport], unanswered: Sequence[Paragraph]) -> list[int]:
    """Return the ids that the new vocabulary keeps."""
    tokenizer = Tokenizer.from_file(str(bundle.folder / "tokenizer.json"))
    if not unanswered:
        return list(range(tokenizer.get_vocab_size()))
    prefix = str(bundle.manifest.encoder.get("prefix", ""))
    seen = itertools.chain(*(report.paragraphs for report in reports), unanswered)
    return kept_ids(tokenizer, (prefix + each.model_text for each in seen))


def _spread(paragraphs: Sequence[Paragraph]) -> Sequence[Paragraph]:
    """Return some paragraphs, evenly from first to last."""
    return paragraphs[:: -(-len(paragraphs) // _MOST_UNANSWERED) or 1]


def _scores(bundle: Bundle, material: _Material) -> _Scored:
    scorer, console = load_scorer(bundle), Console(stderr=True)
    what = f"{bundle.manifest.kind}: {len(material.reports)} 份报告 · reports"
    reports = [scorer.score(each.paragraphs) for each in track(material.reports, what, console=console)]
    return _Scored(reports, scorer.score(material.unanswered))
