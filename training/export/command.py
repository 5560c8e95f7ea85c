"""`fazhi export`: a `torch` bundle in, a `fast` one out, in the smallest numbers that the gate lets through."""

import dataclasses
import datetime
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track
from tokenizers import Tokenizer

from fazhi.model.bundle import Bundle, Manifest, read_bundle, write_bundle
from fazhi.model.encoder import TorchModel, load_model
from fazhi.model.labels import read_examples, trainable
from fazhi.model.reading import InputError, read_document
from fazhi.model.report import segment
from fazhi.model.scorers import Scores, load_scorer
from fazhi.model.scorers.fast import NUMBERS, Heads, write_heads
from fazhi.training.card import encoder_card, encoder_notice
from fazhi.training.export.convert import write_encoder
from fazhi.training.export.gate import Comparison, compare
from fazhi.training.export.prune import kept_ids, pruned
from fazhi.training.linear import scheme_source
from fazhi.training.rows import AnsweredReport, answered_reports

_REWRITTEN = {"encoder.json", "network.safetensors", "tokenizer.json", "README.md", "NOTICE", "labels.toml"}
_OWN = {"manifest.json", "thresholds.json"}  # `write_bundle` makes them


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """The options of `fazhi export`.

    Attributes:
        bundle: Folder of a `torch` bundle.
        examples: Answered paragraphs that the gate compares on.
        texts: Files whose pieces the vocabulary keeps beside those of the examples; the whole vocabulary without any.
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
    bundle = read_bundle(request.bundle)
    if bundle.manifest.kind != "torch":
        raise InputError(
            str(request.bundle), f"is of kind {bundle.manifest.kind}", "give a bundle of `fazhi train encoder`"
        )
    examples = [each for path in request.examples for each in read_examples(path, bundle.scheme)]
    reports = answered_reports(trainable(examples), bundle.scheme)
    model, kept = load_model(bundle), _kept(bundle, reports, request.texts)
    before = _scores(bundle, reports)
    lines = []
    for numbers in request.numbers:
        found = _try(request, bundle, model, kept, numbers, (reports, before))
        lines.append(f"{numbers}: {len(kept)} pieces; {found}\n")
        if found.passes:
            return "".join(lines)
    raise InputError("export", f"errs too much. {' '.join(lines).strip()}", "keep the torch bundle, or tune again")


def _try(
    request: ExportRequest,
    bundle: Bundle,
    model: TorchModel,
    kept: Sequence[int],
    numbers: str,
    compared: tuple[Sequence[AnsweredReport], Sequence[Scores]],
) -> Comparison:
    """Export in one kind of numbers beside the place; move it there if it passes."""
    reports, before = compared

    def write_files(folder: Path, manifest: Manifest) -> None:
        config = json.loads((bundle.folder / "encoder.json").read_text(encoding="utf-8"))
        state = {name: value.numpy() for name, value in model.network.cpu().state_dict().items()}
        encoder = {name.removeprefix("encoder."): value for name, value in state.items() if name.startswith("encoder.")}
        write_encoder(folder, encoder, config, kept, numbers)
        write_heads(folder, _heads(state), pruned((bundle.folder / "tokenizer.json").read_text(encoding="utf-8"), kept))
        for name in set(bundle.manifest.files) - _REWRITTEN - _OWN:
            shutil.copy(bundle.folder / name, folder / name)
        (folder / "README.md").write_text(encoder_card(manifest), encoding="utf-8")
        (folder / "NOTICE").write_text(encoder_notice(manifest), encoding="utf-8")

    def write(folder: Path, manifest: Manifest) -> None:
        write_bundle(folder, manifest, scheme_source(), bundle.decisions, lambda draft: write_files(draft, manifest))

    with tempfile.TemporaryDirectory() as beside:
        draft = Path(beside) / request.out.name
        write(draft, _manifest(request, bundle, numbers, {}))
        found = compare(reports, before, _scores(read_bundle(draft), reports), bundle.decisions, bundle.scheme)
    if found.passes:
        write(request.out, _manifest(request, bundle, numbers, found.as_json()))
    return found


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


def _kept(bundle: Bundle, reports: Sequence[AnsweredReport], texts: Sequence[Path]) -> list[int]:
    """Return the ids that the new vocabulary keeps."""
    tokenizer = Tokenizer.from_file(str(bundle.folder / "tokenizer.json"))
    if not texts:
        return list(range(tokenizer.get_vocab_size()))
    prefix = str(bundle.manifest.encoder.get("prefix", ""))
    return kept_ids(tokenizer, (prefix + each for each in _model_texts(reports, texts)))


def _model_texts(reports: Sequence[AnsweredReport], texts: Sequence[Path]) -> Iterator[str]:
    """Yield what an encoder would see of the paragraphs of reports and of files."""
    yield from (each.model_text for report in reports for each in report.paragraphs)
    for path in texts:
        yield from (each.model_text for each in segment(read_document(path)).paragraphs)


def _scores(bundle: Bundle, reports: Sequence[AnsweredReport]) -> list[Scores]:
    scorer, console = load_scorer(bundle), Console(stderr=True)
    what = f"{bundle.manifest.kind}: {len(reports)} 份报告 · reports"
    return [scorer.score(report.paragraphs) for report in track(reports, what, console=console)]
