"""Answered paragraphs and a base encoder to a tuned `TorchModel`: probe, then the stock Hugging Face Trainer.

The loss is binary cross-entropy summed over the themes plus cross-entropy of the section, where the paragraph is no
heading. Checkpoints go to a folder of the caller's; a run that was killed goes on from the last. No thresholds here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import torch
from accelerate import PartialState
from datasets import Dataset
from torch import nn
from torch.nn import functional
from transformers import set_seed

from fazhi.model.encoder import Batch, TorchModel, TwoHeads, batch_of
from fazhi.model.labels import Scheme
from fazhi.model.scorers.windows import Window, Windower, WindowSettings
from fazhi.training.base import Base, check_length, load_base
from fazhi.training.lessons import NO_SECTION, Lessons
from fazhi.training.probe import start_from_probe
from fazhi.training.settings import EncoderSettings
from fazhi.training.trainer import Course, run_trainer


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A tuned model, the text of its tokenizer.json, and the Trainer's log (`step`, `epoch`, `loss`, …)."""

    model: TorchModel
    tokenizer: str
    log: list[dict[str, float]]


def fit_encoder(lessons: Lessons, scheme: Scheme, settings: EncoderSettings, base: str, work: Path) -> Fitted:
    """Tune an encoder.

    Args:
        lessons: Paragraphs with their answers.
        scheme: Names the columns.
        settings: How to tune.
        base: Folder or hub name of the base encoder.
        work: Folder for checkpoints; a run of the same arguments goes on from the last one in it.

    Raises:
        InputError: No usable base, too little memory, no room on the disk.
    """
    set_seed(settings.seed)
    loaded = load_base(base, settings.layers, settings.frozen_layers)
    check_length(base, loaded.encoder, settings.max_length)
    model = _untuned(loaded, scheme, settings, work)
    start_from_probe(model.network, model.features(lessons.paragraphs), lessons, settings.probe_c)
    log = _tune(model, lessons, settings, work) if settings.epochs else []
    return Fitted(model, loaded.tokenizer, log)


class Learner(nn.Module):
    """A network that says its loss, as the Trainer wants it."""

    def __init__(self, network: TwoHeads, positive_weight: float) -> None:
        super().__init__()
        self.network = network
        self.positive_weight = positive_weight

    def forward(self, themes: torch.Tensor, sections: torch.Tensor, **batch: torch.Tensor) -> dict[str, torch.Tensor]:
        """Return the loss of a `Batch`: `themes` (n, themes) of 0 and 1, `sections` (n,) columns or `NO_SECTION`."""
        theme_logits, section_logits = self.network(Batch(**batch))
        return {"loss": loss_of(theme_logits.float(), themes, section_logits.float(), sections, self.positive_weight)}


def loss_of(
    theme_logits: torch.Tensor,
    themes: torch.Tensor,
    section_logits: torch.Tensor,
    sections: torch.Tensor,
    positive_weight: float,
) -> torch.Tensor:
    """Mean over the paragraphs: binary cross-entropy summed over themes, plus cross-entropy of the section."""
    weights = torch.full_like(theme_logits[0], positive_weight)
    of_themes = functional.binary_cross_entropy_with_logits(theme_logits, themes, pos_weight=weights, reduction="sum")
    of_sections = functional.cross_entropy(section_logits, sections, ignore_index=NO_SECTION, reduction="sum")
    return (of_themes + of_sections) / len(themes)


def _tune(model: TorchModel, lessons: Lessons, settings: EncoderSettings, work: Path) -> list[dict[str, float]]:
    """Tune the network in place; return the log of losses."""
    learner = Learner(model.network, settings.positive_weight)
    rows, collator = _rows(model.windower, lessons), _Collator(model.network.padding)
    course = Course(settings.epochs, settings.batch_size, settings.warmup, settings.precision, settings.seed)
    return run_trainer(learner, rows, collator, _optimizer(model.network, settings), course, work)


def _optimizer(network: TwoHeads, settings: EncoderSettings) -> torch.optim.Optimizer:
    """Return AdamW with a rate for the heads and one for every layer, falling from the topmost."""
    layers = network.encoder.encoder.layer
    groups: list[dict[str, Any]] = [
        {"params": [*network.themes.parameters(), *network.sections.parameters()], "lr": settings.head_rate}
    ]
    for depth, layer in enumerate(reversed(layers)):
        rate = settings.encoder_rate * settings.layer_decay**depth
        groups.append({"params": [each for each in layer.parameters() if each.requires_grad], "lr": rate})
    return torch.optim.AdamW([group for group in groups if group["params"]], weight_decay=settings.weight_decay)


def _rows(windower: Windower, lessons: Lessons) -> Dataset:
    """Return a row a paragraph: its windows, its answers, and the length that batches are grouped by."""
    windows: list[list[Window]] = [[] for _ in lessons.paragraphs]
    for window in windower.windows(lessons.paragraphs):
        windows[window.row].append(window)
    return Dataset.from_dict(
        {
            "ids": [[window.ids for window in own] for own in windows],
            "spans": [[(window.start, window.end) for window in own] for own in windows],
            "length": [sum(len(window.ids) for window in own) for own in windows],
            "themes": lessons.themes.astype("float32").tolist(),
            "section": lessons.sections.tolist(),
        }
    )


@dataclass(frozen=True, slots=True)
class _Collator:
    """Rows to what `Learner.forward` takes."""

    padding: int

    def __call__(self, rows: Sequence[dict[str, Any]]) -> dict[str, torch.Tensor]:
        windows = [
            Window(place, tuple(ids), *span)
            for place, row in enumerate(rows)
            for ids, span in zip(row["ids"], row["spans"], strict=True)
        ]
        batch = batch_of(windows, self.padding)
        return {
            **{field.name: getattr(batch, field.name) for field in fields(batch)},
            "themes": torch.tensor([row["themes"] for row in rows]),
            "sections": torch.tensor([row["section"] for row in rows]),
        }


def _untuned(loaded: Base, scheme: Scheme, settings: EncoderSettings, work: Path) -> TorchModel:
    network = TwoHeads(loaded.encoder, len(scheme.themes), len(scheme.sections), settings.dropout)
    process = PartialState()
    if process.is_main_process:
        work.mkdir(parents=True, exist_ok=True)
        (work / "tokenizer.json").write_text(loaded.tokenizer, encoding="utf-8")
    process.wait_for_everyone()
    windower = Windower.load(work / "tokenizer.json", WindowSettings(settings.prefix, settings.max_length))
    return TorchModel(network.to("cuda" if torch.cuda.is_available() else "cpu"), windower)
