"""The labelling interface: what it offers, and that Label Studio's own library takes it."""

import dataclasses

import pytest
from lxml import etree

from fazhi.annotation.interface import check_interface, interface_of, misfits, offered
from fazhi.model.reading import InputError


def test_the_interface_offers_the_scheme_by_its_ids(scheme):
    xml = interface_of(scheme)
    check_interface(xml)
    assert offered(xml, "p") == {"section": scheme.section_ids, "themes": scheme.theme_ids}
    assert misfits(offered(xml, "p"), scheme) == []


def test_people_see_chinese_names_definitions_and_keys(scheme):
    root = etree.fromstring(interface_of(scheme))
    (choice,) = [each for each in root.iter("Choice") if each.get("alias") == "enforcement"]
    assert (choice.get("value"), choice.get("hotkey")) == ("行政执法", "5")
    assert choice.get("hint").startswith("执法体制改革、三项制度")
    assert [each.tag for each in root][:3] == ["Header", "Header", "Text"]
    assert [each.get("value") for each in root][:3] == ["$file", "$heading_path", "$text"]
    section, themes = root.iter("Choices")
    assert (section.get("choice"), section.get("required")) == ("single", "true")
    assert (themes.get("choice"), themes.get("required")) == ("multiple", None)
    assert root.find("TextArea").get("name") == "note"


def test_names_that_are_markup_stay_names(scheme):
    strange = dataclasses.replace(scheme.themes[0], zh='<b a="1">&引号"', definition="“甲”'乙'\n<script>")
    xml = interface_of(dataclasses.replace(scheme, themes=(strange, *scheme.themes[1:])))
    check_interface(xml)
    assert next(iter(etree.fromstring(xml).iter("Choices"))).get("name") == "section"
    assert '<b a="1">&引号"' in {each.get("value") for each in etree.fromstring(xml).iter("Choice")}


def test_an_interface_changed_by_hand_is_told_apart(scheme):
    xml = interface_of(scheme).replace('alias="digital"', 'alias="数字"').replace('alias="work"', "")
    assert misfits(offered(xml, "p"), scheme) == [
        "section lacks work",
        "section offers 工作情况, which the scheme does not know",
        "themes lacks digital",
        "themes offers 数字, which the scheme does not know",
    ]
    assert misfits(offered("<View/>", "p"), scheme) == ["has no control section", "has no control themes"]


@pytest.mark.parametrize("xml", ["", "<View>", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><View>&b;</View'])
def test_a_broken_interface_is_named(xml):
    with pytest.raises(InputError, match="project 3: has a broken labelling interface"):
        offered(xml, "project 3")


def test_an_interface_that_the_library_refuses_is_named():
    with pytest.raises(InputError, match="labelling interface: is refused"):
        check_interface('<View><Choices name="a" toName="nothing"><Choice value="b"/></Choices></View>')
