"""agreement.html: figures, who differs from whom on what, and the texts they differ on. The page itself is `page`'s."""

from html import escape

from fazhi.annotation.agreement import grids
from fazhi.annotation.agreement.differences import Differences, Disputed
from fazhi.annotation.agreement.figures import Agreement
from fazhi.annotation.page import Filter, Item, filtered_page, items
from fazhi.model.labels import Example, Scheme
from fazhi.model.showing import heading, label_names, links, place_of, table

_PARTS = {
    "figures": "一致程度 · how far they agree",
    "pairs": "谁与谁不同 · who differs from whom",
    "texts": "意见不同的段落 · paragraphs they differ on",
}
_RULE = (
    "κ:两人之间(Cohen 1960) · of two annotators. α:任意人数,允许缺答(Krippendorff) · of any number, answers may be "
    "missing. F1:标注者相互之间 · between annotators, 2·both / (2·both + one only), over all pairs"
)


def render(figures: Agreement, found: Differences, scheme: Scheme, notes: tuple[str, ...]) -> str:
    """Return the page; notes say what was compared, what was left out and how intervals were drawn."""
    body = "".join(
        (
            *(f'<p class="soft">{escape(note)}</p>' for note in notes),
            links(_PARTS),
            heading("figures", _PARTS["figures"]),
            table(grids.section_grid(figures)),
            *(table(grids.label_grid(figures, kind, scheme)) for kind in ("themes", "sections")),
            f'<p class="soft">{escape(_RULE)}</p>',
            heading("pairs", _PARTS["pairs"]),
            table(grids.pair_grid(found)),
            *(table(grids.difference_grid(found, kind, scheme)) for kind in ("themes", "sections")),
            table(grids.confusion_grid(found, scheme)),
            heading("texts", f"{_PARTS['texts']}: {len(found.disputed)}"),
            _texts(found, scheme),
        )
    )
    return filtered_page("标注一致性 · agreement", body)


def _texts(found: Differences, scheme: Scheme) -> str:
    names = label_names(scheme)
    pairs = {(pair.first, pair.second): f"p{place}" for place, pair in enumerate(found.pairs)}
    contested = {label for each in found.disputed for label in each.labels}
    filters = (
        Filter("labels", "全部标签 · all labels", {label: names[label] for label in names if label in contested}),
        Filter("pairs", "所有人 · everybody", {key: " / ".join(pair) for pair, key in pairs.items()}),
    )
    return items("disputed", [_item(each, names, pairs) for each in found.disputed], filters)


def _item(each: Disputed, names: dict[str, str], pairs: dict[tuple[str, str], str]) -> Item:
    answers = "".join(
        f"<dt>{escape(name)}</dt><dd>{_answer(example, each.labels, names)}</dd>"
        for name, example in each.answers.items()
    )
    values = {"labels": each.labels, "pairs": tuple(pairs[pair] for pair in each.pairs)}
    return Item(f'{place_of(each.paragraph)}<dl class="answers">{answers}</dl>', values)


def _answer(example: Example, contested: tuple[str, ...], names: dict[str, str]) -> str:
    """Return an answer with what others did not give marked."""
    marked = (
        f"<mark>{escape(names[label])}</mark>" if label in contested else escape(names[label])
        for label in (example.section, *example.themes)
    )
    return " · ".join(marked)
