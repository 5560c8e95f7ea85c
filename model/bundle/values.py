"""What a bundle is, as frozen values. How it becomes a folder and comes back is for `folder`."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fazhi.model.cleaning import CLEANING_VERSION
from fazhi.model.labels import Scheme
from fazhi.model.report import MODEL_TEXT_FORMAT, SEGMENTER_VERSION

BUNDLE_FORMAT = 2


@dataclass(frozen=True, slots=True)
class SectionChain:
    """What follows what: log-probabilities of sections, columns in scheme order.

    Attributes:
        initial: (sections,), of the first paragraph that is no heading.
        within: (sections, sections), of column after row inside a chapter.
        across: (sections, sections), of column after row when a chapter heading lies between.
    """

    initial: tuple[float, ...]
    within: tuple[tuple[float, ...], ...]
    across: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Decisions:
    """How scores become tags; chosen on out-of-fold scores, never on test parts.

    Attributes:
        theme_thresholds: One probability per theme, scheme order; a theme is given at or above it.
        theme_temperature: Theme logits are divided by it before the sigmoid.
        section_temperature: Section logits are divided by it before the softmax.
        theme_margin: Distance in log-odds from its threshold under which a theme leaves the paragraph to `check`.
        section_minimum: Posterior of the section under which the paragraph is `check`.
        chain: What section follows what.
    """

    theme_thresholds: tuple[float, ...]
    theme_temperature: float
    section_temperature: float
    theme_margin: float
    section_minimum: float
    chain: SectionChain

    @property
    def unchained(self) -> "Decisions":
        """The same for paragraphs without their report: every section may follow every other one."""
        even = (0.0,) * len(self.chain.initial)
        return replace(self, chain=SectionChain(even, (even,) * len(even), (even,) * len(even)))


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle says about itself.

    Attributes:
        base: Name of the encoder that was tuned; empty where none was.
        base_licence: What the base may be used for, as whoever trained said.
        encoder: How an encoder is fed (prefix, maximum length); empty for other kinds.
        linear_share: What the logits of the linear model that stands beside an encoder count for `themes` and for
            `sections`; empty without one.
        export: Of which bundle it is an export, how its numbers are kept, what the gate found; empty otherwise.
        files: sha256 of every other file of the folder by its name.
    """

    kind: str
    name: str
    version: str
    scheme: str
    training_data: str
    settings: dict[str, Any]
    metrics: dict[str, Any]
    created: str
    base: str = ""
    base_licence: str = ""
    licence: str = "Apache-2.0"
    bundle_format: int = BUNDLE_FORMAT
    model_text: str = MODEL_TEXT_FORMAT
    cleaning: str = CLEANING_VERSION
    segmenter: str = SEGMENTER_VERSION
    encoder: dict[str, Any] = field(default_factory=dict)
    linear_share: dict[str, float] = field(default_factory=dict)
    export: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """`name@version`, as results carry it."""
        return f"{self.name}@{self.version}"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was read and checked; `folder` holds the scorer's own files."""

    folder: Path
    manifest: Manifest
    scheme: Scheme
    decisions: Decisions

    @property
    def label(self) -> str:
        """`name@version`, as results carry it."""
        return self.manifest.label
