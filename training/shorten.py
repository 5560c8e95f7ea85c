"""`fazhi train shorten`: a base encoder in, a shallower one out that imitates it on unlabelled texts.

    shorten(ShortenRequest(base="…/e5", texts=(Path("laws.txt"),), out=Path("e5-6"), …))

Kept are layers evenly spread from the first to the last; each learns to give what the layer of the whole gave that it
was taken from (Jiao et al. 2020, TinyBERT, general distillation of hidden states: mean squared error, here of
standardised features). No labels are used, so that the result is one base for every fold of a later tuning.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from torch import nn
from transformers import set_seed

from fazhi.model.encoder import batch_of
from fazhi.model.reading import InputError, read_document
from fazhi.model.report import Paragraph, segment
from fazhi.model.scorers.windows import Window, Windower, WindowSettings
from fazhi.training.base import check_length, load_base, write_base
from fazhi.training.failures import named_failures
from fazhi.training.resuming import base_identity, clear_checkpoints, folder_of, hash_of
from fazhi.training.settings import ShortenSettings, load_shorten_settings
from fazhi.training.trainer import Course, run_trainer

_SAVE_STEPS = 100
_FEWEST_LAYERS = 2
_ALMOST_ZERO = 1e-6


@dataclass(frozen=True, slots=True)
class ShortenRequest:
    """The options of `fazhi train shorten`.

    Attributes:
        base: Folder or hub name of the base encoder.
        texts: Files of unlabelled text, read as reports; each gives the same number of paragraphs, if it has them.
        out: Folder of the shallower encoder.
        settings: TOML; the shipped settings without it.
        work: Where checkpoints are kept.
    """

    base: str
    texts: tuple[Path, ...]
    out: Path
    settings: Path | None
    work: Path


def shorten(request: ShortenRequest) -> str:
    """Cut and train; write the new base; return what became of the loss.

    Raises:
        InputError: Bad settings, base or texts; `out` is there already; memory or disk that is full.
    """
    settings = load_shorten_settings(request.settings)
    if request.out.exists():
        raise InputError(str(request.out), "is there already", "name another folder, or remove it")
    set_seed(settings.seed)
    loaded = load_base(request.base, 0, 0)
    check_length(request.base, loaded.encoder, settings.max_length)
    imitation = Imitation(loaded.encoder, load_base(request.base, 0, 0).encoder, settings.layers)
    work = folder_of(request.work, "shorten", [asdict(settings), base_identity(request.base), hash_of(request.texts)])
    with named_failures():
        work.mkdir(parents=True, exist_ok=True)
        (work / "tokenizer.json").write_text(loaded.tokenizer, encoding="utf-8")
    windower = Windower.load(work / "tokenizer.json", WindowSettings(settings.prefix, settings.max_length))
    rows = _rows(windower, sample(request.texts, settings.paragraphs, settings.seed))
    log = _train(imitation, rows, settings, work)
    with named_failures():
        write_base(imitation.student, request.base, request.out)
    clear_checkpoints(work)
    return f"{len(rows)} paragraphs, {len(imitation.kept)} layers, loss {log[0]['loss']:.3f} -> {log[-1]['loss']:.3f}"


class Imitation(nn.Module):
    """A whole encoder, and a cut one that says how far its layers are from those they were taken from.

    Args:
        student: Cut in place.
        teacher: The whole; it stays as it is.
        layers: How many are kept.

    Attributes:
        kept: Which layers of the whole, counted from 0.
    """

    def __init__(self, student: Any, teacher: Any, layers: int) -> None:
        super().__init__()
        whole = student.encoder.layer
        self.kept = kept_layers(len(whole), layers)
        student.encoder.layer = nn.ModuleList([whole[place] for place in self.kept])
        student.config.num_hidden_layers = len(self.kept)
        self.student = student
        self.teacher = teacher.requires_grad_(requires_grad=False)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> dict[str, torch.Tensor]:
        """Return the loss: squared distance of standardised features, mean over tokens, features and layers."""
        given = {"input_ids": input_ids, "attention_mask": attention_mask, "output_hidden_states": True}
        self.teacher.eval()
        with torch.no_grad():
            wanted = self.teacher(**given).hidden_states  # embeddings first
        found = self.student(**given).hidden_states
        tokens = attention_mask.bool()
        pairs = zip(found[1:], (wanted[place + 1] for place in self.kept), strict=True)
        return {"loss": torch.stack([distance(one[tokens], other[tokens]) for one, other in pairs]).mean()}


def kept_layers(whole: int, layers: int) -> list[int]:
    """Return which layers are kept: evenly spread, the first and the last among them.

    Raises:
        InputError: More than there are, or fewer than two.
    """
    if not _FEWEST_LAYERS <= layers < whole:
        raise InputError(
            "layers", f"is {layers}, but the base has {whole}", f"give a smaller number, at least {_FEWEST_LAYERS}"
        )
    return [int(place) for place in np.linspace(0, whole - 1, layers).round()]


def distance(found: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Return the mean squared distance of (tokens, features), in units of each wanted feature's variance."""
    return ((found - wanted).square() / (wanted.var(dim=0) + _ALMOST_ZERO)).mean()


def sample(texts: Sequence[Path], count: int, seed: int) -> list[Paragraph]:
    """Return about `count` paragraphs, the same number of each file where it has them.

    Raises:
        InputError: A file that cannot be read.
    """
    random = np.random.default_rng(seed)
    found: list[Paragraph] = []
    for path in texts:
        paragraphs = segment(read_document(path)).paragraphs
        number = min(len(paragraphs), count // len(texts))
        found += [paragraphs[place] for place in random.choice(len(paragraphs), number, replace=False)]
    return found


def _rows(windower: Windower, paragraphs: Sequence[Paragraph]) -> Dataset:
    ids = [list(window.ids) for window in windower.windows(paragraphs)]
    return Dataset.from_dict({"ids": ids, "length": [len(own) for own in ids]})


def _train(imitation: Imitation, rows: Dataset, settings: ShortenSettings, work: Path) -> list[dict[str, float]]:
    padding = imitation.student.config.pad_token_id or 0

    def collate(some: Sequence[dict[str, Any]]) -> dict[str, torch.Tensor]:
        batch = batch_of([Window(place, tuple(row["ids"]), 0, 0) for place, row in enumerate(some)], padding)
        return {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask}

    tuned = imitation.student.encoder.parameters()
    optimizer = torch.optim.AdamW(tuned, lr=settings.rate, weight_decay=settings.weight_decay)
    course = Course(
        settings.epochs, settings.batch_size, settings.warmup, settings.precision, settings.seed, _SAVE_STEPS
    )
    return run_trainer(imitation, rows, collate, optimizer, course, work)
