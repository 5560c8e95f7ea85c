"""All tunings of a training run: one a part of each protocol, one on everything, each in a folder of its own.

    tuning = Tuning(data, scheme, settings, "…/e5", Path("work"))
    tuning.left_out(protocols(data.reports, 5, 0)[0])[3]  ->  logits of report 3 by a model that was tuned without it

The base is first tuned on the answered sentences, where the settings want it: a task near by with plenty of answers
(Phang et al. 2018, STILTs). A folder is named after all that its weights depend on: a run that was killed goes on where
it was, a finished tuning is not repeated. Figures and bundles are for `encoder`.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from accelerate import PartialState

from fazhi.model.labels import Scheme
from fazhi.model.scorers import Logits, blended
from fazhi.training.base import write_base
from fazhi.training.failures import named_failures
from fazhi.training.fit_encoder import Fitted, fit_encoder
from fazhi.training.inputs import TrainingData
from fazhi.training.left_out import Found, Protocol
from fazhi.training.lessons import lessons_of_reports, lessons_of_sentences
from fazhi.training.linear import left_out_linear
from fazhi.training.resuming import base_identity, clear_checkpoints, folder_of
from fazhi.training.rows import AnsweredReport
from fazhi.training.settings import EncoderSettings, LinearSettings, load_linear_settings

_UNASKED = {"linear_share", "heading_share", "folds", "decisions", "sentence_epochs"}
"""Settings that no tuning depends on but by where it starts."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """What every tuning of a run shares.

    Attributes:
        base: Folder or hub name of the base encoder.
        work: Folder of the folders of all tunings.
    """

    data: TrainingData
    scheme: Scheme
    settings: EncoderSettings
    base: str
    work: Path

    @property
    def _is_primed(self) -> bool:
        return bool(self.data.supplement.sentences and self.settings.sentence_epochs)

    @property
    def _priming(self) -> EncoderSettings:
        """How the base is tuned on sentences."""
        return replace(self.settings, epochs=self.settings.sentence_epochs)

    @property
    def _primed(self) -> Path:
        """Folder of the base as the sentences leave it."""
        learnt = self.data.sentences_sha256
        return self._folder("sentences", self._priming, learnt, base_identity(self.base)) / "base"

    @property
    def _start(self) -> tuple[str, str]:
        """Where tuning on paragraphs starts: folder or hub name, and what tells it from others."""
        if self._is_primed:
            return str(self._primed), self._primed.parent.name
        return self.base, base_identity(self.base)

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
        return self._fit(self.data.reports, self._reports_folder("final"))

    def _part(self, part: Sequence[int], name: str) -> dict[int, Logits]:
        """Tune without a part, or take what an earlier run found; all processes look before the main one writes."""
        reports, folder = self.data.reports, self._reports_folder(name, part)
        done = folder / "left-out.npz"
        if not done.is_file():
            model = self._fit([each for here, each in enumerate(reports) if here not in part], folder).model
            PartialState().wait_for_everyone()
            if PartialState().is_main_process:
                with named_failures():
                    _save(done, {here: model.logits(reports[here].paragraphs) for here in part})
                clear_checkpoints(folder)
            PartialState().wait_for_everyone()
        return _load(done, part)

    def _fit(self, reports: Sequence[AnsweredReport], folder: Path) -> Fitted:
        if self._is_primed and not self._primed.is_dir():
            self._prime()
        lessons = lessons_of_reports(reports, self.scheme)
        return fit_encoder(lessons, self.scheme, self.settings, self._start[0], folder)

    def _prime(self) -> None:
        """Tune the base on the answered sentences: once, for they are no part of any report that is left out."""
        lessons, folder = lessons_of_sentences(self.data.supplement.sentences, self.scheme), self._primed.parent
        network = fit_encoder(lessons, self.scheme, self._priming, self.base, folder).model.network
        PartialState().wait_for_everyone()
        if PartialState().is_main_process:
            with named_failures():
                write_base(network.encoder, self.base, self._primed)
            clear_checkpoints(folder)
        PartialState().wait_for_everyone()

    def _reports_folder(self, name: str, part: Sequence[int] = ()) -> Path:
        """Return the place of a tuning on reports, all but a part."""
        return self._folder(name, self.settings, self.data.examples_sha256, self._start[1], part)

    def _folder(self, name: str, settings: EncoderSettings, learnt: str, start: str, part: Sequence[int] = ()) -> Path:
        """Return the place of one tuning, named after all that its weights depend on."""
        depends = [
            learnt,
            self.scheme.fingerprint,
            {field: value for field, value in asdict(settings).items() if field not in _UNASKED},
            PartialState().num_processes,  # each takes a batch a step
            start,
            list(part),
        ]
        return folder_of(self.work, name, depends)


def _save(path: Path, logits: dict[int, Logits]) -> None:
    draft = path.with_name(f".{path.name}")
    arrays = {f"{kind}-{here}": array for here, both in logits.items() for kind, array in zip("ts", both, strict=True)}
    with draft.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    draft.replace(path)


def _load(path: Path, part: Sequence[int]) -> dict[int, Logits]:
    with np.load(path, allow_pickle=False) as arrays:
        return {here: (arrays[f"t-{here}"], arrays[f"s-{here}"]) for here in part}
