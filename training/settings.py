"""Settings: a TOML file to frozen values. Every field is obeyed.

A field that is unknown, missing, mistyped or out of range is refused before any work. What a base encoder can take is
for `base`.
"""

import math
import tomllib
from dataclasses import dataclass, fields, is_dataclass
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from fazhi.model.reading import InputError
from fazhi.model.scorers import Shares
from fazhi.model.scorers.features import BLOCKS
from fazhi.model.scorers.windows import LEAST_LENGTH

Settings = TypeVar("Settings")

_SMALLEST = 1e-9  # stands for "above 0"
_LEAST = {
    "folds": 2,
    "batch_size": 1,
    "paragraphs": 1,
    "max_length": LEAST_LENGTH,
    "min_reports_of_token": 1,
    **dict.fromkeys(("theme_c", "section_c", "heading_c", "probe_c", "chain_prior", "positive_weight"), _SMALLEST),
}
"""Of numbers that may not be 0; none may be negative."""
_SHARES = {"sentence_share", "warmup", "dropout", "sure_themes", "sure_section", "layer_decay"}
"""Numbers that may not be above 1."""


@dataclass(frozen=True, slots=True)
class DecisionSettings:
    """How left-out scores become thresholds, bands and section transitions.

    Attributes:
        threshold_shrink: Support at which a theme's own threshold curve weighs as much as the common one.
        chain_prior: Pseudo-count of every transition between sections.
        sure_themes: Of paragraphs whose themes all lie beyond the margin of the `check` band, the share wanted in which
            every theme is right.
        sure_section: The same for the section.
    """

    threshold_shrink: float
    chain_prior: float
    sure_themes: float
    sure_section: float


@dataclass(frozen=True, slots=True)
class LinearSettings:
    """How the fallback is fitted.

    Attributes:
        seed: Of the folds.
        folds: Parts that the reports are dealt into when decisions are chosen.
        theme_c: Inverse regularisation of the theme heads.
        section_c: Inverse regularisation of the section head.
        theme_blocks: Weight of the text, head, chapter, opening and shape blocks for themes.
        section_blocks: The same for the section.
        min_reports_of_token: Texts that must hold a token for it to enter the vocabulary: paragraphs, answered
            sentences and headings, phrases of the scheme.
        scheme_weight: What one paragraph made of the scheme's own words counts against a real one; with 0 they still
            add their n-grams to the vocabulary.
        sentence_share: What a paragraph's best sentence counts for a theme, from 0 to 1, beside the whole text.
        sentence_weight: What an answered sentence counts against a paragraph.
        heading_c: Inverse regularisation of the head that answered headings get.
        heading_share: What its logits count beside those of the section head; with 0, answered headings still add their
            n-grams to the vocabulary.
        decisions: How thresholds and bands are chosen.
    """

    seed: int
    folds: int
    theme_c: float
    section_c: float
    theme_blocks: tuple[float, ...]
    section_blocks: tuple[float, ...]
    min_reports_of_token: int
    scheme_weight: float
    sentence_share: float
    sentence_weight: float
    heading_c: float
    heading_share: float
    decisions: DecisionSettings


@dataclass(frozen=True, slots=True)
class EncoderSettings:
    """How an encoder is tuned.

    Attributes:
        seed: Of the folds, the order of paragraphs, dropout.
        folds: Parts that the reports are dealt into when decisions are chosen.
        prefix: Stands before every text, as the base was trained.
        max_length: Tokens of a window; longer paragraphs get several.
        layers: Layers of the base that are kept, from the input up; 0 keeps all.
        frozen_layers: Of those, layers that are not tuned, from the input up; embeddings never are.
        sentence_epochs: Passes over the answered sentences, where there are any, before every tuning on paragraphs; 0
            leaves them to the linear model.
        epochs: Passes over the paragraphs; 0 leaves the linear probe on frozen features.
        batch_size: Paragraphs a step, of every process.
        encoder_rate: Learning rate of the topmost layer.
        layer_decay: What the rate of each layer is multiplied with to get that of the layer below.
        head_rate: Learning rate of the heads.
        warmup: Share of the steps in which rates rise; after them they fall linearly to 0.
        weight_decay: Of AdamW.
        dropout: Share of pooled features dropped before the heads.
        positive_weight: What a given theme counts in the loss against one that is not given.
        probe_c: Inverse regularisation of the linear probe that the heads start from.
        linear_share: What the logits of the linear model count beside the encoder's; 0 and 0 leave it out.
        heading_share: The `heading_share` of that linear model.
        precision: `fp32`, `bf16` (autocast), or `auto`: bf16 where the processor computes in it.
        decisions: How thresholds and bands are chosen.
    """

    seed: int
    folds: int
    prefix: str
    max_length: int
    layers: int
    frozen_layers: int
    sentence_epochs: int
    epochs: int
    batch_size: int
    encoder_rate: float
    layer_decay: float
    head_rate: float
    warmup: float
    weight_decay: float
    dropout: float
    positive_weight: float
    probe_c: float
    heading_share: float
    linear_share: Shares
    precision: str
    decisions: DecisionSettings


@dataclass(frozen=True, slots=True)
class ShortenSettings:
    """How a base encoder is cut to fewer layers.

    Attributes:
        seed: Of the choice and the order of paragraphs, and of dropout.
        layers: How many are kept.
        prefix: Stands before every text, as the base was trained.
        max_length: Tokens of a window; longer paragraphs get several.
        paragraphs: How many are read, all files together.
        batch_size: Windows a step.
        epochs: Passes over them.
        rate: Learning rate of all layers.
        warmup: Share of the steps in which it rises; after them it falls linearly to 0.
        weight_decay: Of AdamW.
        precision: As in `EncoderSettings`.
    """

    seed: int
    layers: int
    prefix: str
    max_length: int
    paragraphs: int
    batch_size: int
    epochs: int
    rate: float
    warmup: float
    weight_decay: float
    precision: str


def load_settings(kind: type[Settings], default: str, path: Path | None = None) -> Settings:
    """Read settings.

    Args:
        kind: One of the classes above.
        default: The file in training/ that is read without a path; it also is what hints point to.
        path: The user's own file.

    Raises:
        InputError: Unreadable, or a field missing, unknown, of another type or out of range.
    """
    source = path if path is not None else resources.files("fazhi.training") / default
    hint = f"compare it with training/{default}"
    try:
        data = tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(str(source), f"is no settings file ({error})", hint) from None
    try:
        return _build(kind, data, "")
    except ValueError as error:
        raise InputError(str(source), str(error), hint) from None


def load_linear_settings(path: Path | None = None) -> LinearSettings:
    """Read the fallback's settings; without a path those that the shipped bundle was fitted with."""
    return load_settings(LinearSettings, "linear.toml", path)


def load_encoder_settings(path: Path | None = None) -> EncoderSettings:
    """Read an encoder's settings; without a path the recommended ones."""
    return load_settings(EncoderSettings, "encoder.toml", path)


def load_shorten_settings(path: Path | None = None) -> ShortenSettings:
    """Read how a base is cut; without a path the recommended settings."""
    return load_settings(ShortenSettings, "shorten.toml", path)


def _build(kind: type[Settings], data: dict[str, Any], inside: str) -> Settings:
    """Build one frozen value of a table; ValueError says what does not fit."""
    if not is_dataclass(kind):
        raise TypeError(f"{kind} is no settings class")
    wrong = sorted(set(data) ^ {field.name for field in fields(kind)})
    if wrong:
        raise ValueError(f"misses or does not know {', '.join(inside + name for name in wrong)}")
    types = get_type_hints(kind)
    return kind(**{name: _value(types[name], value, inside + name) for name, value in data.items()})


def _value(kind: Any, value: Any, name: str) -> Any:
    """Return a value as its field wants it."""
    if is_dataclass(kind) and isinstance(value, dict):
        return _build(kind, value, f"{name}.")  # type: ignore[arg-type]
    if get_origin(kind) is tuple and isinstance(value, list):
        if len(value) != len(BLOCKS):
            raise ValueError(f"{name} should have {len(BLOCKS)} numbers, found {len(value)}")
        return tuple(_value(get_args(kind)[0], entry, name) for entry in value)
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise ValueError(f"{name} should be {getattr(kind, '__name__', kind)}, found {value!r}")
    if kind in (int, float):
        _check_range(value, name)
    return value


def _check_range(value: float, name: str) -> None:
    field = name.rpartition(".")[2]
    least, most = _LEAST.get(field, 0), 1 if field in _SHARES else math.inf
    if not least <= value <= most:
        wanted = f"at least {least:g}" if value < least else f"at most {most:g}"
        raise ValueError(f"{name} should be {wanted}, found {value!r}")
