"""Settings: a TOML file to frozen values. Every field is obeyed; an unknown one is refused."""

import tomllib
from dataclasses import asdict, dataclass, fields
from importlib import resources
from pathlib import Path
from typing import Any

from fazhi.model.reading import InputError


@dataclass(frozen=True, slots=True)
class LinearSettings:
    """How the fallback is fitted.

    Attributes:
        seed: Of the folds.
        folds: Parts that the reports are dealt into when decisions are chosen.
        theme_c: Inverse regularisation of the theme heads.
        section_c: Inverse regularisation of the section head.
        theme_blocks: Weight of the text, head, chapter and shape blocks for themes.
        section_blocks: The same for the section.
        min_reports_of_token: Paragraphs that must hold a token for it to enter the vocabulary.
        scheme_weight: What one paragraph made of the scheme's own words counts against a real one; 0 leaves them out.
        threshold_shrink: Support at which a theme's own threshold curve weighs as much as the common one.
        chain_prior: Pseudo-count of every transition between sections.
        sure_accuracy: Share of right decisions wanted beyond the margins of the `check` band.
    """

    seed: int
    folds: int
    theme_c: float
    section_c: float
    theme_blocks: tuple[float, ...]
    section_blocks: tuple[float, ...]
    min_reports_of_token: int
    scheme_weight: float
    threshold_shrink: float
    chain_prior: float
    sure_accuracy: float

    def as_json(self) -> dict[str, Any]:
        """Return plain values for a manifest."""
        return asdict(self)


def load_linear_settings(path: Path | None = None) -> LinearSettings:
    """Read settings; without a path those that the shipped bundle was fitted with.

    Raises:
        InputError: Unreadable, or a field missing or unknown.
    """
    source = path if path is not None else resources.files("fazhi.training") / "linear.toml"
    try:
        data = tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InputError(
            str(source), f"is no settings file ({error})", "compare it with training/linear.toml"
        ) from None
    wrong = sorted(set(data) ^ {field.name for field in fields(LinearSettings)})
    if wrong:
        raise InputError(
            str(source), f"misses or does not know {', '.join(wrong)}", "compare it with training/linear.toml"
        )
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
    return LinearSettings(**values)
