"""The fallback model: character n-gram TF-IDF and linear heads, numpy only. Writer and reader side by side.

A row is the blocks of `features`, each turned into tf-idf — (1 + ln tf) · idf, cut to unit length, as in
scikit-learn's TfidfTransformer(sublinear_tf=True) — times the block's weight, one after the other; the heads are
`row @ weights + bias`. Fitting is in `training/fit_linear`.
"""

import json
import math
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fazhi.model.reading import InputError
from fazhi.model.report import Paragraph
from fazhi.model.scorers.features import BLOCKS, blocks_of
from fazhi.model.scorers.scores import Array, Logits

_ARRAYS, _TOKENS = "linear.npz", "tokens.json"


@dataclass(frozen=True, slots=True, eq=False)
class LinearWeights:
    """Everything the linear model learned.

    Attributes:
        tokens: Per block, its vocabulary; rows of `idf`, `theme_weights`, `section_weights` follow this order.
        idf: (features,).
        block_weights: (2, blocks); row 0 for the themes' heads, row 1 for the section's.
        theme_weights: (features, themes).
        theme_bias: (themes,).
        section_weights: (features, sections).
        section_bias: (sections,).
    """

    tokens: tuple[tuple[str, ...], ...]
    idf: NDArray[np.float32]
    block_weights: NDArray[np.float32]
    theme_weights: NDArray[np.float32]
    theme_bias: NDArray[np.float32]
    section_weights: NDArray[np.float32]
    section_bias: NDArray[np.float32]


def write_weights(folder: Path, weights: LinearWeights) -> None:
    """Write the model's own files; the large arrays as float16."""
    np.savez_compressed(
        folder / _ARRAYS,
        idf=weights.idf,
        block_weights=weights.block_weights,
        theme_weights=weights.theme_weights.astype(np.float16),
        theme_bias=weights.theme_bias,
        section_weights=weights.section_weights.astype(np.float16),
        section_bias=weights.section_bias,
    )
    (folder / _TOKENS).write_text(json.dumps(weights.tokens, ensure_ascii=False), encoding="utf-8")


def read_weights(folder: Path) -> LinearWeights:
    """Read the model's own files.

    Raises:
        InputError: Missing or of the wrong shape.
    """
    try:
        tokens = json.loads((folder / _TOKENS).read_text(encoding="utf-8"))
        with (folder / _ARRAYS).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            found = {name: arrays[name].astype(np.float32) for name in arrays.files}
        weights = LinearWeights(tokens=tuple(map(tuple, tokens)), **found)
    except (OSError, EOFError, ValueError, TypeError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(str(folder), f"has damaged linear weights ({error})", "copy or export it again") from None
    _check_shapes(folder, weights)
    return weights


def _check_shapes(folder: Path, weights: LinearWeights) -> None:
    features, blocks = sum(map(len, weights.tokens)), len(BLOCKS)
    found = (len(weights.tokens), weights.idf.shape, weights.block_weights.shape)
    heads = (weights.theme_weights.shape, weights.section_weights.shape)
    columns = (weights.theme_bias.shape, weights.section_bias.shape)
    if found != (blocks, (features,), (2, blocks)) or heads != tuple((features, *each) for each in columns):
        what = f"has weights of shapes {heads} for {features} features and biases {columns}"
        raise InputError(str(folder), what, "export it again")


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """`LinearWeights` ready to score."""

    weights: LinearWeights
    columns: tuple[dict[str, int], ...]

    @classmethod
    def load(cls, folder: Path) -> "LinearModel":
        """Read the model's files in the folder of a checked bundle."""
        return cls.of(read_weights(folder))

    @classmethod
    def of(cls, weights: LinearWeights) -> "LinearModel":
        """Build the model from values at hand."""
        return cls(weights, _columns(weights.tokens))

    def logits(self, paragraphs: Sequence[Paragraph]) -> Logits:
        """Return raw logits (n, themes) and (n, sections)."""
        biases = np.concatenate([self.weights.theme_bias, self.weights.section_bias]).astype(np.float64)
        logits = np.tile(biases, (len(paragraphs), 1))
        rows = blocks_of(paragraphs)  # held, so that no counter's id is used again
        known: dict[tuple[int, int], Array] = {}  # paragraphs share the counters of their heads
        for row, counters in enumerate(rows):
            for block, counts in enumerate(counters):
                key = (block, id(counts))
                if key not in known:
                    known[key] = self._block_logits(block, counts)
                logits[row] += known[key]
        themes = self.weights.theme_weights.shape[1]
        return logits[:, :themes], logits[:, themes:]

    def _block_logits(self, block: int, counts: Counter[str]) -> Array:
        """Return what one block adds to the logits of themes and sections, (themes + sections,)."""
        weights, column = self.weights, self.columns[block]
        found = [(column[token], count) for token, count in counts.items() if token in column]
        if not found:
            return np.zeros(weights.theme_weights.shape[1] + weights.section_weights.shape[1])
        index = np.array([place for place, _ in found])
        values = np.array([1.0 + math.log(count) for _, count in found]) * weights.idf[index]
        values /= np.sqrt((values * values).sum())
        for_themes, for_sections = weights.block_weights[:, block]
        return np.concatenate(
            [
                for_themes * (values @ weights.theme_weights[index]),
                for_sections * (values @ weights.section_weights[index]),
            ]
        )


def _columns(tokens: tuple[tuple[str, ...], ...]) -> tuple[dict[str, int], ...]:
    """Return, per block, token -> row of the weight arrays."""
    starts = np.cumsum([0, *map(len, tokens)])
    return tuple(
        {token: int(start) + place for place, token in enumerate(block)}
        for start, block in zip(starts[:-1], tokens, strict=True)
    )
