"""One encoder, two heads: windows of paragraphs in, raw logits of themes and sections out.

A paragraph is the mean of all its windows' tokens beside the mean of its own tokens alone (without context), each
feature standardised by what the training data showed before the encoder was tuned; the heads are linear. A base whose
raw features share a large common part (as those of contrastive encoders do) starts well only so.

Loss and optimiser are in `training`; files are in `model.encoder.model`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from fazhi.model.scorers.windows import Window


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Windows as tensors.

    Attributes:
        input_ids: (windows, tokens).
        attention_mask: (windows, tokens), 1 for tokens, 0 for padding.
        own_mask: (windows, tokens), 1 for the paragraph's own tokens.
        rows: (windows,), the paragraph of each window.
    """

    input_ids: torch.Tensor
    attention_mask: torch.Tensor
    own_mask: torch.Tensor
    rows: torch.Tensor

    def to(self, device: torch.device) -> "Batch":
        """Return the batch on a device."""
        tensors = (self.input_ids, self.attention_mask, self.own_mask, self.rows)
        return Batch(*(each.to(device) for each in tensors))


def batch_of(windows: Sequence[Window], padding: int) -> Batch:
    """Pad windows to the longest of them; `padding` is the id that fills."""
    longest = max(len(window.ids) for window in windows)
    ids = torch.full((len(windows), longest), padding)
    attention, own = torch.zeros((2, len(windows), longest), dtype=torch.long)
    for place, window in enumerate(windows):
        ids[place, : len(window.ids)] = torch.tensor(window.ids)
        attention[place, : len(window.ids)] = 1
        own[place, window.start : window.end] = 1
    return Batch(ids, attention, own, torch.tensor([window.row for window in windows]))


class TwoHeads(nn.Module):
    """An encoder with a head for the themes and one for the section.

    Args:
        encoder: A Hugging Face encoder; its last hidden states are pooled.
        themes: Number of themes.
        sections: Number of sections.
        dropout: Share of pooled features dropped in training.
    """

    center: torch.Tensor
    scale: torch.Tensor

    def __init__(self, encoder: Any, themes: int, sections: int, dropout: float) -> None:
        super().__init__()
        width = 2 * encoder.config.hidden_size
        self.encoder = encoder
        self.register_buffer("center", torch.zeros(width))
        self.register_buffer("scale", torch.ones(width))
        self.dropout = nn.Dropout(dropout)
        self.themes = nn.Linear(width, themes)
        self.sections = nn.Linear(width, sections)

    @property
    def padding(self) -> int:
        """The id that fills a batch."""
        return self.encoder.config.pad_token_id or 0

    def pool(self, batch: Batch) -> torch.Tensor:
        """Return (paragraphs, 2 · hidden) pooled features; paragraphs are those that `batch.rows` counts from 0."""
        states = self.encoder(input_ids=batch.input_ids, attention_mask=batch.attention_mask)
        hidden = states.last_hidden_state.float()
        count = int(batch.rows.max()) + 1
        masks = (batch.attention_mask, batch.own_mask)
        return torch.cat([_means(hidden, mask.float(), batch.rows, count) for mask in masks], dim=1)

    def heads(self, pooled: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return raw logits (paragraphs, themes) and (paragraphs, sections) of pooled features."""
        features = self.dropout((pooled - self.center) / self.scale)
        return self.themes(features), self.sections(features)

    def forward(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """Return raw logits (paragraphs, themes) and (paragraphs, sections)."""
        return self.heads(self.pool(batch))


def _means(hidden: torch.Tensor, mask: torch.Tensor, rows: torch.Tensor, count: int) -> torch.Tensor:
    """Return, per paragraph, the mean over the masked tokens of all its windows."""
    sums = hidden.new_zeros((count, hidden.shape[2])).index_add(0, rows, (hidden * mask[..., None]).sum(1))
    numbers = mask.new_zeros(count).index_add(0, rows, mask.sum(1))
    return sums / numbers.clamp(min=1)[:, None]
