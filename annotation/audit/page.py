"""audit.html, and the tables of the terminal: likely errors and near-duplicates answered differently."""

from html import escape

from fazhi.annotation.audit.duplicates import Twins
from fazhi.annotation.audit.suspects import Suspect, SuspectLabel
from fazhi.annotation.page import Filter, Item, filtered_page, items
from fazhi.model.labels import Example, Scheme
from fazhi.model.showing import Grid, heading, label_names, links, place_of

_PARTS = {
    "suspects": "可能的标注错误 · likely label errors",
    "twins": "近乎相同而答案不同 · near-duplicates that differ",
}
_KINDS = {"missed": "漏? missed", "spurious": "多? spurious", "section": "部分? section"}
_RULES = {
    "suspects": "最可疑的在前;模型也会错,这里是问题,不是更正 · the most doubtful first; the model can be wrong too: "
    "these are questions, not corrections",
    "twins": "部分由所在章节决定,只有部分不同未必是错 · the chapter decides the section, so sections that differ "
    "need not be wrong",
}
SHOWN = 20
_TEXT = 36


def suspect_grid(found: tuple[Suspect, ...], scheme: Scheme) -> Grid:
    """Return the first suspects, a row each."""
    names = label_names(scheme)
    rows = tuple(
        (
            f"{each.example.document} {each.example.index}",
            f"{each.score:.3f}",
            "; ".join(_doubt(label, names) for label in each.labels),
            _short(each.example),
        )
        for each in found[:SHOWN]
    )
    title = f"{_PARTS['suspects']} (前 first {len(rows)} / {len(found)})"
    return Grid(title, ("段 paragraph", "分 score", "疑点 doubt", "文 text"), rows)


def twin_grid(found: tuple[Twins, ...], scheme: Scheme) -> Grid:
    """Return the first pairs, a row each."""
    names = label_names(scheme)
    rows = tuple(
        (
            f"{each.one.document} {each.one.index} / {each.other.document} {each.other.index}",
            f"{each.similarity:.2f}",
            "; ".join(names[label] for label in each.labels),
            _short(each.one),
        )
        for each in found[:SHOWN]
    )
    title = f"{_PARTS['twins']} (前 first {len(rows)} / {len(found)})"
    return Grid(title, ("两段 paragraphs", "相似 alike", "不同 differing", "文 text"), rows)


def render(found: tuple[Suspect, ...], pairs: tuple[Twins, ...], scheme: Scheme, notes: tuple[str, ...]) -> str:
    """Return the page; notes say what was audited with what."""
    names = label_names(scheme)
    lists = {
        "suspects": items("suspected", [_suspect(each, names) for each in found], _filters(found, names)),
        "twins": items("alike", [_pair(each, names) for each in pairs], _label_filter(pairs, names)),
    }
    counts = {"suspects": len(found), "twins": len(pairs)}
    body = "".join(
        f'{heading(part, f"{title}: {counts[part]}")}<p class="soft">{escape(_RULES[part])}</p>{lists[part]}'
        for part, title in _PARTS.items()
    )
    said = "".join(f'<p class="soft">{escape(note)}</p>' for note in notes)
    return filtered_page("标注核查 · audit", said + links(_PARTS) + body)


def _filters(found: tuple[Suspect, ...], names: dict[str, str]) -> tuple[Filter, ...]:
    there = {label.label for each in found for label in each.labels}
    return (
        Filter("labels", "全部标签 · all labels", {label: names[label] for label in names if label in there}),
        Filter("kinds", "全部疑点 · all doubts", _KINDS),
    )


def _label_filter(pairs: tuple[Twins, ...], names: dict[str, str]) -> tuple[Filter, ...]:
    there = {label for each in pairs for label in each.labels}
    return (Filter("labels", "全部标签 · all labels", {label: names[label] for label in names if label in there}),)


def _suspect(each: Suspect, names: dict[str, str]) -> Item:
    chips = "".join(f'<span class="{label.kind}">{escape(_doubt(label, names))}</span>' for label in each.labels)
    answers = {
        "答案 answer": _labels(each.example.section, each.example.themes, names),
        "模型 model": _labels(each.given.section, each.given.themes, names),
        "分 score": f"{each.score:.3f}",
    }
    values = {
        "labels": tuple(label.label for label in each.labels),
        "kinds": tuple(dict.fromkeys(label.kind for label in each.labels)),
    }
    return Item(f'{place_of(each.example)}<p class="chips">{chips}</p>{_listed(answers)}', values)


def _pair(each: Twins, names: dict[str, str]) -> Item:
    differing = "".join(f'<span class="section">{escape(names[label])}</span>' for label in each.labels)
    sides = "".join(
        place_of(example)
        + _listed({f"答案 answer ({example.annotator})": _labels(example.section, example.themes, names)})
        for example in (each.one, each.other)
    )
    alike = f"相似 alike {each.similarity:.2f} · {len(each.uids)} 段 paragraphs"
    head = f'<p class="soft">{alike}</p><p class="chips">{differing}</p>'
    return Item(head + sides, {"labels": each.labels})


def _listed(entries: dict[str, str]) -> str:
    lines = "".join(f"<dt>{escape(name)}</dt><dd>{escape(words)}</dd>" for name, words in entries.items())
    return f'<dl class="answers">{lines}</dl>'


def _labels(section: str, themes: tuple[str, ...], names: dict[str, str]) -> str:
    return " · ".join(names[label] for label in (section, *themes))


def _doubt(label: SuspectLabel, names: dict[str, str]) -> str:
    return f"{_KINDS[label.kind]} {names[label.label]} {label.probability:.2f}"


def _short(example: Example) -> str:
    return example.clean if len(example.clean) <= _TEXT else example.clean[:_TEXT] + "…"
