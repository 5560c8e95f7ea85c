"""The figures of `fazhi evaluate` as frozen values, and as evaluation.json has them. Computed in `assessment`."""

from dataclasses import asdict, dataclass, field
from typing import Any

from fazhi.training.evaluate import Evaluation, rounded
from fazhi.training.evaluation.calibration import Calibration
from fazhi.training.evaluation.confusion import ThemeConfusion
from fazhi.training.evaluation.counts import Interval
from fazhi.training.evaluation.worst import WorstError


@dataclass(frozen=True, slots=True)
class Band:
    """How right the tags of one band are: themes exact, section, and both at once; None where the band is empty."""

    id: str
    paragraphs: int
    share: float
    exact: float | None
    section_accuracy: float | None
    all_right: float | None


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """One real report; None where it has no theme to find and none was given."""

    document: str
    paragraphs: int
    theme_micro_f1: float | None
    exact: float
    section_accuracy: float


@dataclass(frozen=True, slots=True)
class Assessment:
    """What somebody's tags are worth on some paragraphs.

    Attributes:
        intervals: Of the headline figures; None where no resample has the figure.
        theme_intervals: Of each theme's F1.
        section_intervals: Of each section's F1.
        section_confusion: Rows are answers, columns what was given, scheme order.
        reports: The real reports among the documents.
        calibration: None for annotators, who give no scores.
        bands: Empty for annotators.
    """

    evaluation: Evaluation
    intervals: dict[str, Interval | None]
    theme_intervals: dict[str, Interval | None]
    section_intervals: dict[str, Interval | None]
    theme_confusion: ThemeConfusion
    section_confusion: tuple[tuple[int, ...], ...]
    reports: tuple[ReportFigures, ...]
    calibration: Calibration | None = None
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """A model's or an annotator's figures; `worst` is empty for annotators."""

    name: str
    body: Assessment
    everything: Assessment
    worst: tuple[WorstError, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A headline figure of a model less the baseline's, documents drawn for both at once."""

    difference: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A model against the baseline: each headline figure, on body paragraphs and on all."""

    model: str
    baseline: str
    body: dict[str, Change]
    everything: dict[str, Change]


@dataclass(frozen=True, slots=True)
class TrialFigures:
    """A protocol's figures; `coarse` where its documents are too few for smooth intervals."""

    protocol: str
    documents: int
    paragraphs: int
    body_paragraphs: int
    coarse: bool
    models: tuple[Figures, ...]
    annotators: tuple[Figures, ...]
    differences: tuple[Difference, ...]
    notes: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Return plain values, rounded to four places."""
        return {name: rounded(value) for name, value in asdict(self).items()}
