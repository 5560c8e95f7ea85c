"""The fallback model: character n-gram TF-IDF and linear heads, numpy only. Writer and reader side by side.

A row is the blocks of `features`, each turned into tf-idf — (1 + ln tf) · idf, cut to unit length, as in
scikit-learn's TfidfTransformer(sublinear_tf=True), one after the other; the heads are `row @ weights + bias`, for the
themes with each block times its weight.

A theme is earned by a clause, however much else a paragraph says: beside the whole text counts, for each theme, the
sentence that speaks for it most, scored as if it stood alone (the max rule of multiple-instance learning, Andrews et
al. 2002). Fitting is in `training/fit_linear`.
"""

import itertools
import json
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
from fazhi.model.report.pieces import sentences
from fazhi.model.scorers.features import BLOCKS, blocks_of, gram_rows, mark_length
from fazhi.model.scorers.scores import Array, Logits

_ARRAYS, _TOKENS = "linear.npz", "tokens.json"
_TEXT = BLOCKS.index("text")
_UNKNOWN = -1  # the place of an n-gram that no weights are for


@dataclass(frozen=True, slots=True, eq=False)
class LinearWeights:
    """Everything the linear model learned.

    Attributes:
        tokens: Per block, its vocabulary; rows of `idf`, `theme_weights`, `section_weights` follow this order.
        idf: (features,).
        theme_blocks: (blocks,), the weight of each for the themes.
        sentence_share: What the best sentence counts for a theme, from 0 to 1; the whole text counts the rest.
        theme_weights: (features, themes).
        theme_bias: (themes,).
        section_weights: (features, sections).
        section_bias: (sections,).
    """

    tokens: tuple[tuple[str, ...], ...]
    idf: NDArray[np.float32]
    theme_blocks: NDArray[np.float32]
    sentence_share: NDArray[np.float32]
    theme_weights: NDArray[np.float32]
    theme_bias: NDArray[np.float32]
    section_weights: NDArray[np.float32]
    section_bias: NDArray[np.float32]


def write_weights(folder: Path, weights: LinearWeights) -> None:
    """Write the model's own files; the large arrays as float16."""
    np.savez_compressed(
        folder / _ARRAYS,
        idf=weights.idf,
        theme_blocks=weights.theme_blocks,
        sentence_share=weights.sentence_share,
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
    found = (len(weights.tokens), weights.idf.shape, weights.theme_blocks.shape, weights.sentence_share.shape)
    heads = (weights.theme_weights.shape, weights.section_weights.shape)
    columns = (weights.theme_bias.shape, weights.section_bias.shape)
    if found != (blocks, (features,), (blocks,), ()) or heads != tuple((features, *each) for each in columns):
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
        weights = self.weights
        themes = np.tile(weights.theme_bias.astype(np.float64), (len(paragraphs), 1))
        sections = np.tile(weights.section_bias.astype(np.float64), (len(paragraphs), 1))
        rows = blocks_of(paragraphs, texts=False)  # held, so that no counter's id is used again
        known: dict[tuple[int, int], tuple[Array, Array]] = {}  # paragraphs share the counters of their heads
        for row, (paragraph, counters) in enumerate(zip(paragraphs, rows, strict=True)):
            for block, counts in enumerate(counters):
                key = (block, id(counts))
                if block == _TEXT:
                    known[key] = self._text_logits(paragraph.clean)
                elif key not in known:
                    known[key] = self._logits(*self._counted(block, counts), block)
                themes[row] += known[key][0]
                sections[row] += known[key][1]
        return themes, sections

    def _text_logits(self, text: str) -> tuple[Array, Array]:
        """Return what a text adds to the logits of themes and sections, (themes,) and (sections,)."""
        column = self.columns[_TEXT]
        places = [np.array([column.get(gram, _UNKNOWN) for gram in row], dtype=np.int64) for row in gram_rows(text)]
        themes, sections = self._logits(*_counted_within(places, text, (0, len(text))), _TEXT)
        spans = sentences(text) if self.weights.sentence_share else []
        if len(spans) > 1:
            counted = [_counted_within(places, text, span) for span in spans]
            each = [self._theme_logits(index, self._values(index, counts), _TEXT) for index, counts in counted]
            themes += self.weights.sentence_share * (np.max(each, axis=0) - themes)
        return themes, sections

    def _counted(self, block: int, counts: Counter[str]) -> tuple[NDArray[np.int64], Array]:
        """Return the known tokens of a block, as rows of the weights, and how often each is there."""
        column = self.columns[block]
        found = [(column[token], count) for token, count in counts.items() if token in column]
        return np.array([place for place, _ in found], dtype=np.int64), np.array([float(count) for _, count in found])

    def _logits(self, index: NDArray[np.int64], counts: Array, block: int) -> tuple[Array, Array]:
        """Return what counted tokens add to the logits of themes and sections, (themes,) and (sections,)."""
        values = self._values(index, counts)
        return self._theme_logits(index, values, block), values @ self.weights.section_weights[index]

    def _theme_logits(self, index: NDArray[np.int64], values: Array, block: int) -> Array:
        found: Array = self.weights.theme_blocks[block] * (values @ self.weights.theme_weights[index])
        return found

    def _values(self, index: NDArray[np.int64], counts: Array) -> Array:
        """Return the tf-idf of counted tokens, cut to unit length."""
        values = (1.0 + np.log(counts)) * self.weights.idf[index]
        found: Array = values / (np.sqrt((values * values).sum()) or 1.0)
        return found


def _counted_within(
    places: Sequence[NDArray[np.int64]], text: str, span: tuple[int, int]
) -> tuple[NDArray[np.int64], Array]:
    """Return the known n-grams of a stretch of text without its leading mark, and how often each is there."""
    start, end = span
    start += mark_length(text[start:end])
    within = [row[start : max(start, end - size + 1)] for size, row in enumerate(places, start=1)]
    found = np.concatenate(within)
    index, counts = np.unique(found[found != _UNKNOWN], return_counts=True)
    return index, counts.astype(np.float64)


def _columns(tokens: tuple[tuple[str, ...], ...]) -> tuple[dict[str, int], ...]:
    """Return, per block, token -> row of the weight arrays."""
    rows = itertools.count()  # `zip` asks the block first, so that none is lost between two
    return tuple(dict(zip(block, rows, strict=False)) for block in tokens)
