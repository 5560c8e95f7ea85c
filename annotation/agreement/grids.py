"""Figures and differences as grids of words, Chinese first; and the plain table that seeds/README.md shows.

label_grid(figures, "themes", scheme).rows[4]  ->  ("执法 enforcement", "0.986 [0.957–1.000]", …, "40", "41")
"""

from fazhi.annotation.agreement.differences import Differences, Pair
from fazhi.annotation.agreement.figures import Agreement, Figure, LabelAgreement, SectionAgreement
from fazhi.model.labels import Scheme
from fazhi.model.showing import NONE, Grid, label_names, lines, number

_KINDS = {"themes": "各主题 · each theme", "sections": "各部分 · each section"}
_ONLY = "仅前者 + 仅后者所给的段数 · paragraphs that only the first + only the second gave it to"


def head_line(figures: Agreement) -> str:
    """Say in a line how far they agree."""
    name = "Cohen's kappa" if figures.section.kappa else "Krippendorff's alpha"
    section, body = (figure(_headline(each)) for each in (figures.section, figures.section_body))
    return (
        f"{figures.paragraphs} paragraphs, {figures.identical} answered identically. {name} of the section: {section}; "
        f"without headings {body}."
    )


def markdown_table(figures: Agreement) -> str:
    """Return the figures as the table that seeds/README.md shows."""
    letters = "A / B" if figures.section.kappa else " / ".join(figures.annotators)
    columns = ("label", "kappa" if figures.section.kappa else "alpha", "F1", f"support {letters}")
    rows = tuple(
        (f"`{each.id}`", figure(_headline(each)), figure(each.f1), " / ".join(map(str, each.support)))
        for each in (*figures.themes, *figures.sections)
    )
    return "\n".join((head_line(figures), "", *lines(Grid("", columns, rows)))) + "\n"


def section_grid(figures: Agreement) -> Grid:
    """Return the section as one choice, on all paragraphs and on body paragraphs."""
    scopes = (("全部段落 · all paragraphs", figures.section), ("正文段落 · body paragraphs", figures.section_body))
    rows = tuple((name, str(each.paragraphs), *_coefficients(figures, each)) for name, each in scopes)
    return Grid("部分,作为一次选择 · the section as one choice", ("", "段 n", *_coefficient_names(figures)), rows)


def label_grid(figures: Agreement, kind: str, scheme: Scheme) -> Grid:
    """Return one row a label that somebody gave; kind is `themes` or `sections`."""
    names = label_names(scheme)
    rows = tuple(
        (names[each.id], *_coefficients(figures, each), figure(each.f1), *map(str, each.support))
        for each in getattr(figures, kind)
        if any(each.support)
    )
    support = (f"{name} 所给 gave" for name in figures.annotators)
    return Grid(_KINDS[kind], ("标签 label", *_coefficient_names(figures), "F1", *support), rows)


def pair_grid(found: Differences) -> Grid:
    """Return one row a pair of annotators."""
    rows = tuple(
        (
            pair_name(pair),
            str(pair.paragraphs),
            str(pair.identical),
            number(pair.section_kappa),
            number(pair.theme_f1),
        )
        for pair in found.pairs
    )
    columns = ("", "共同段 n", "全同 identical", "部分 κ section", "主题 F1 micro")
    return Grid("两两相比 · two by two", columns, rows)


def difference_grid(found: Differences, kind: str, scheme: Scheme) -> Grid:
    """Return one row a pair and one column a label that some pair differs on; kind is `themes` or `sections`."""
    names = label_names(scheme)
    ids = scheme.theme_ids if kind == "themes" else scheme.section_ids
    labels = [label for label in ids if any(label in pair.labels for pair in found.pairs)]
    rows = tuple((pair_name(pair), *(_only(pair, label) for label in labels)) for pair in found.pairs if labels)
    return Grid(f"{_KINDS[kind]}: {_ONLY}", ("", *(names[label] for label in labels)), rows)


def confusion_grid(found: Differences, scheme: Scheme) -> Grid:
    """Return one row a pair and a pair of sections that they gave to the same paragraphs."""
    names = label_names(scheme)
    rows = tuple(
        (pair_name(pair), names[first], names[second], str(count))
        for pair in found.pairs
        for (first, second), count in pair.sections.items()
    )
    columns = ("", "前者 first", "后者 second", "段 n")
    return Grid("部分:谁把什么看作什么 · sections taken for one another", columns, rows)


def pair_name(pair: Pair) -> str:
    """Return who is compared with whom."""
    return f"{pair.first} / {pair.second}"


def figure(found: Figure | None) -> str:
    """Return a figure with its interval."""
    if found is None or found.low is None or found.high is None:
        return number(found.value if found else None)
    return f"{found.value:.3f} [{found.low:.3f}–{found.high:.3f}]"


def _headline(each: LabelAgreement | SectionAgreement) -> Figure | None:
    """Return kappa of two annotators, alpha of more."""
    return each.kappa or each.alpha


def _coefficient_names(figures: Agreement) -> tuple[str, ...]:
    """Return what is measured: kappa is of two annotators only."""
    return ("κ kappa", "α alpha") if figures.section.kappa else ("α alpha",)


def _coefficients(figures: Agreement, each: LabelAgreement | SectionAgreement) -> tuple[str, ...]:
    return (figure(each.kappa), figure(each.alpha)) if figures.section.kappa else (figure(each.alpha),)


def _only(pair: Pair, label: str) -> str:
    return " + ".join(map(str, pair.labels[label])) if label in pair.labels else NONE
