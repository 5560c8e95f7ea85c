"""The labelling interface: the scheme in, the XML that Label Studio shows out; and which labels an XML offers.

    interface_of(scheme)  ->  '<View>…<Choice value="行政执法" alias="enforcement" hotkey="5" hint="…"/>…</View>'
    interface_of(scheme, answers=2)   the same, with two answers of others beside one another: $answer_a and $answer_b
    offered(xml)          ->  {"section": ("title", …), "themes": ("leadership", …)}

The alias is what Label Studio stores, so names and hints may change under answers; ids may not. Sends nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from fazhi.model.labels import NOTE, SECTION, TEXT, THEMES, Scheme, Section, Theme
from fazhi.model.reading import InputError

Offer = dict[str, tuple[str, ...]]
"""Control -> ids of the labels that it offers."""
ANSWERS = tuple(f"answer_{letter}" for letter in "abcdef")
"""Names of answers that are shown beside one another, in the interface and in the data of tasks."""

_ABOVE, _QUESTION = "font-size: 13px; color: #777; margin: 2px 8px", "font-size: 15px; margin: 16px 0 4px"
_SIDE_BY_SIDE, _BOX = "display: flex; gap: 12px", "flex: 1; border: 1px solid #ccc; padding: 0 12px; margin: 4px 0"
_MOST = 1_000_000  # characters of an interface that is parsed


def interface_of(scheme: Scheme, answers: int = 0) -> str:
    """Return the interface: file name and heading path, the text, one section, any themes, a note.

    Args:
        scheme: What is offered.
        answers: How many answers of others stand between text and question, at most as many as `ANSWERS`.
    """
    view = etree.Element("View")
    _add(view, "Header", value="$file", style=_ABOVE)
    _add(view, "Header", value="$heading_path", style=_ABOVE)
    _add(view, "Text", name=TEXT, value="$text", valueType="text")
    _show_answers(view, ANSWERS[:answers])
    _add(view, "Header", style=_QUESTION, value="部分(必选一项)")
    message = "请选择一个部分"
    section = _choices(view, SECTION, choice="single", required="true", requiredMessage=message)
    _offer(section, scheme.sections)
    _add(view, "Header", style=_QUESTION, value="主题(可多选;没有就不选)")
    _offer(_choices(view, THEMES, choice="multiple"), scheme.themes)
    placeholder = "备注(可不填)"
    _add(
        view, "TextArea", name=NOTE, toName=TEXT, rows="2", maxSubmissions="1", editable="true", placeholder=placeholder
    )
    return str(etree.tostring(view, encoding="unicode", pretty_print=True))


def check_interface(xml: str) -> None:
    """Check an interface offline as Label Studio's own library does.

    Raises:
        InputError: It would be refused; the message says what the library says.
    """
    from label_studio_sdk.label_interface import LabelInterface  # noqa: PLC0415 - takes a second and 100 MB

    try:
        LabelInterface(xml).validate()
    except Exception as error:  # noqa: BLE001 - it raises what it likes, KeyError and bare Exception among them
        raise InputError("labelling interface", f"is refused ({error!s:.300})", "mend labels.toml") from None


def answers_shown(xml: str) -> int:
    """Return how many answers of others an interface shows."""
    return sum(f'value="${name}"' in xml for name in ANSWERS)


def offered(xml: str, where: str) -> Offer:
    """Return the labels that an interface offers, whoever wrote it.

    Raises:
        InputError: Not the XML of an interface.
    """
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(xml[:_MOST].encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(where, f"has a broken labelling interface ({error!s:.200})", "mend it, or update it") from None
    return {
        tag.get("name", ""): tuple(each.get("alias") or each.get("value", "") for each in tag.iter("Choice"))
        for tag in root.iter("Choices")
    }


def misfits(offer: Mapping[str, tuple[str, ...]], scheme: Scheme) -> list[str]:
    """Say how an interface differs from the scheme, a short sentence each; nothing where ids agree, in any order."""
    found = []
    for control, ids in ((SECTION, scheme.section_ids), (THEMES, scheme.theme_ids)):
        if control not in offer:
            found.append(f"has no control {control}")
            continue
        missing, strange = set(ids) - set(offer[control]), set(offer[control]) - set(ids)
        found += [f"{control} lacks {', '.join(sorted(missing))}"] if missing else []
        found += [f"{control} offers {', '.join(sorted(strange))}, which the scheme does not know"] if strange else []
    return found


def _show_answers(view: Any, names: Sequence[str]) -> None:
    if names:
        _add(view, "Header", style=_QUESTION, value="已有的答案,不分先后")
    row = _add(view, "View", style=_SIDE_BY_SIDE) if names else view
    for name in names:
        box = _add(row, "View", style=_BOX)
        _add(box, "Header", style=_ABOVE, value=name[-1].upper())
        _add(box, "Text", name=name, value=f"${name}", valueType="text")


def _choices(view: Any, name: str, **attributes: str) -> Any:
    return _add(view, "Choices", name=name, toName=TEXT, showInline="true", **attributes)


def _offer(choices: Any, labels: tuple[Section, ...] | tuple[Theme, ...]) -> None:
    for label in labels:
        _add(choices, "Choice", value=label.zh, alias=label.id, hotkey=label.key, hint=label.definition)


def _add(parent: Any, tag: str, **attributes: str) -> Any:
    return etree.SubElement(parent, tag, attributes)
