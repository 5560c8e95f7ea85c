"""`fazhi train encoder`: examples and a base encoder in, a `torch` bundle out, with the figures it earned left out.

Every tuning of the way — one a part of each protocol, one on everything — has a folder of its own below the work
folder, named after all that it depends on: a run that was killed goes on where it was, a finished part is not tuned
again.
"""

import datetime
import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from accelerate import PartialState

from fazhi.model.bundle import Manifest, write_bundle
from fazhi.model.encoder import write_network
from fazhi.model.labels import Scheme, load_scheme, write_left_out
from fazhi.model.scorers import Logits, blended
from fazhi.model.scorers.linear import write_weights
from fazhi.training.card import encoder_card, encoder_notice
from fazhi.training.curves import loss_picture
from fazhi.training.failures import named_failures
from fazhi.training.fit_encoder import Fitted, fit_encoder
from fazhi.training.fit_linear import fit_linear
from fazhi.training.inputs import TrainingData, read_training_data
from fazhi.training.left_out import Found, Measured, Protocol, conclude, protocols
from fazhi.training.linear import left_out_linear, scheme_source
from fazhi.training.rows import AnsweredReport
from fazhi.training.settings import (
    EncoderSettings,
    LinearSettings,
    load_encoder_settings,
    load_linear_settings,
    settings_json,
)
from fazhi.training.supplement import SupplementFiles
from fazhi.training.tables import metrics_tables

NAME = "fazhi-encoder"
_UNASKED = {"linear_share", "heading_share", "folds", "decisions"}  # settings that no tuning depends on


@dataclass(frozen=True, slots=True)
class EncoderRequest:
    """The options of `fazhi train encoder`.

    Attributes:
        examples: Files of examples.
        files: What the n-gram model beside the encoder learns from besides.
        base: Folder or hub name of the base encoder.
        base_licence: What the base may be used for, for the model card.
        out: Folder of the bundle; an older one survives any failure.
        settings: TOML; the shipped settings without it.
        version: Of the bundle.
        work: Where checkpoints and left-out logits are kept.
        oof: Where left-out scores go, or nowhere.
        leave_real_out: Also tune once for every real report, without it.
    """

    examples: tuple[Path, ...]
    files: SupplementFiles
    base: str
    base_licence: str
    out: Path
    settings: Path | None
    version: str
    work: Path
    oof: Path | None
    leave_real_out: bool


def train_encoder(request: EncoderRequest) -> str:
    """Tune, evaluate and write a bundle; return the tables of its figures.

    Of several processes that tune together, the main one evaluates and writes; the others return nothing.

    Raises:
        InputError: Bad examples, settings or base; memory or disk that is full.
    """
    scheme, settings = load_scheme(), load_encoder_settings(request.settings)
    data = read_training_data(request.examples, scheme, request.files)
    tuning = _Tuning(data, scheme, settings, request.base, _identity(request.base), request.work)
    ways = protocols(data.reports, settings.folds, settings.seed)
    ways = ways if request.leave_real_out else ways[:1]
    tuned = [tuning.left_out(protocol) for protocol in ways]
    fitted = tuning.final()
    if not PartialState().is_main_process:
        return ""
    found = [tuning.with_linear(protocol, logits) for protocol, logits in zip(ways, tuned, strict=True)]
    result = conclude(ways, found, data.reports, scheme, settings.decisions, f"{NAME}@{request.version}")
    manifest = _manifest(request, scheme, settings, data, result.measured)

    def write_files(folder: Path) -> None:
        write_network(folder, fitted.model.network, fitted.tokenizer)
        if settings.linear_share.count:
            write_weights(folder, fit_linear(data.reports, scheme, tuning.beside, data.supplement).weights)
        (folder / "loss.svg").write_text(loss_picture(fitted.log), encoding="utf-8")
        (folder / "README.md").write_text(encoder_card(manifest), encoding="utf-8")
        (folder / "NOTICE").write_text(encoder_notice(manifest), encoding="utf-8")

    with named_failures():
        if request.oof is not None:
            write_left_out(request.oof, result.rows, scheme)
        write_bundle(request.out, manifest, scheme_source(), result.decisions, write_files)
    return metrics_tables(manifest.metrics)


@dataclass(frozen=True, slots=True)
class _Tuning:
    """What every tuning of a run shares."""

    data: TrainingData
    scheme: Scheme
    settings: EncoderSettings
    base: str
    base_identity: str
    work: Path

    def left_out(self, protocol: Protocol) -> Found:
        """Return the logits of every held-out report by a model that was tuned without its part."""
        found: dict[int, Logits] = {}
        for number, part in enumerate(protocol.parts):
            found |= self._part(part, f"{protocol.name}-{number}")
        return found

    def with_linear(self, protocol: Protocol, found: Found) -> Found:
        """Return the same with the logits of the n-gram model, also left out, if it has a share."""
        if not self.settings.linear_share.count:
            return found
        linear = left_out_linear(protocol, self.data, self.scheme, self.beside)
        return {here: blended(logits, linear[here], self.settings.linear_share) for here, logits in found.items()}

    @property
    def beside(self) -> LinearSettings:
        """How the n-gram model beside the encoder is fitted."""
        return replace(load_linear_settings(), heading_share=self.settings.heading_share)

    def final(self) -> Fitted:
        """Tune on everything."""
        return self._fit(self.data.reports, self._folder((), "final"))

    def _part(self, part: Sequence[int], name: str) -> dict[int, Logits]:
        """Tune without a part, or take what an earlier run found; all processes look before the main one writes."""
        reports, folder = self.data.reports, self._folder(part, name)
        done = folder / "left-out.npz"
        if not done.is_file():
            model = self._fit([each for here, each in enumerate(reports) if here not in part], folder).model
            PartialState().wait_for_everyone()
            if PartialState().is_main_process:
                _save(done, {here: model.logits(reports[here].paragraphs) for here in part})
                for checkpoint in folder.glob("checkpoint-*"):
                    shutil.rmtree(checkpoint)
            PartialState().wait_for_everyone()
        return _load(done, part)

    def _fit(self, reports: Sequence[AnsweredReport], folder: Path) -> Fitted:
        return fit_encoder(reports, self.scheme, self.settings, self.base, folder)

    def _folder(self, part: Sequence[int], name: str) -> Path:
        """Return the place of one tuning, named after all that its weights depend on."""
        depends = [
            self.data.examples_sha256,
            self.scheme.fingerprint,
            {field: value for field, value in settings_json(self.settings).items() if field not in _UNASKED},
            PartialState().num_processes,  # each takes a batch a step
            self.base_identity,
            list(part),
        ]
        digest = hashlib.sha256(json.dumps(depends, sort_keys=True).encode()).hexdigest()
        return self.work / f"{name}-{digest[:16]}"


def _identity(base: str) -> str:
    """Return what tells bases apart: the hash of local weights, else the name."""
    weights = Path(base) / "model.safetensors"
    return hashlib.sha256(weights.read_bytes()).hexdigest() if weights.is_file() else base


def _save(path: Path, logits: dict[int, Logits]) -> None:
    draft = path.with_name(f".{path.name}")
    arrays = {f"{kind}-{here}": array for here, both in logits.items() for kind, array in zip("ts", both, strict=True)}
    with draft.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    draft.replace(path)


def _load(path: Path, part: Sequence[int]) -> dict[int, Logits]:
    with np.load(path, allow_pickle=False) as arrays:
        return {here: (arrays[f"t-{here}"], arrays[f"s-{here}"]) for here in part}


def _manifest(
    request: EncoderRequest,
    scheme: Scheme,
    settings: EncoderSettings,
    data: TrainingData,
    measured: Sequence[Measured],
) -> Manifest:
    return Manifest(
        kind="torch",
        name=NAME,
        version=request.version,
        scheme=scheme.fingerprint,
        training_data=data.identity,
        settings=settings_json(settings),
        metrics={each.title: each.as_json() for each in measured},
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        base=Path(request.base).name if Path(request.base).is_dir() else request.base,
        base_licence=request.base_licence,
        encoder={"prefix": settings.prefix, "max_length": settings.max_length},
        linear_share=asdict(settings.linear_share) if settings.linear_share.count else {},
    )
