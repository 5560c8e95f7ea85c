"""Cleaning: what each step does, and that every clean character knows its original."""

import pytest

from fazhi.model.cleaning import clean, is_damaged
from fazhi.model.cleaning.traditional import to_simplified


def cleaned(text):
    return clean(text).text


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        ("２０２０年，ＡＢＣ（试行）；好！", "2020年,ABC(试行);好!"),
        ("　　一、工作情况　", "一、工作情况"),
        ("共\u00a0 3\u2003件", "共3件"),
        ("依\u200b法\ufeff行\u00ad政", "依法行政"),
        ("2020 年 6 月", "2020年6月"),
        ("中共甲市委  甲市人民政府", "中共甲市委 甲市人民政府"),
        ("通  知", "通知"),
        ("「放管服」『试点』", "“放管服”‘试点’"),
        ('深化"放管服"改革', "深化“放管服”改革"),
        ("严格执法.重点抓4.5万件.", "严格执法。重点抓4.5万件。"),
        ("三.工作打算", "三.工作打算"),
        ("(一).加强领导", "(一).加强领导"),
        ("第一章.总则", "第一章.总则"),
        ("占85%.其中.7月", "占85%。其中。7月"),
        ('一个"落单', '一个"落单'),
        ("⼯作", "工作"),  # Kangxi radical, as PDF extraction leaves it
        ("•菜单・项", "·菜单·项"),
        ("甲\r\n乙\r丙\u2028丁", "甲\n乙\n丙\n丁"),
        ("Word  and   space", "Word and space"),
    ],
)
def test_one_form_of_characters(original, expected):
    assert cleaned(original) == expected


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        ("素質(zhì)高", "素质高"),
        ("現(xiàn)代化，創（chuàng）新", "现代化,创新"),
        ("專家?guī)熘贫?工作", "专家�熘贫?工作"),
        ("手机软件(app)上线", "手机软件(app)上线"),  # no tone mark in the document: not pinyin
        ("互联网(PPP)模式,質(zhì)量", "互联网(PPP)模式,质量"),
        ("我們(men)的質(zhì)量", "我们的质量"),
        ("質(zhì)量,手机(app)办结(ok)", "质量,手机(app)办结(ok)"),
    ],
)
def test_pinyin_in_brackets(original, expected):
    assert cleaned(original) == expected


@pytest.mark.parametrize(
    ("text", "damaged"),
    [
        ("秩序�m椪涡袆?一起案例", True),
        ("改革!癳政务”首创", True),
        ("怎么办?我们研究。", False),
        ("真的吗??是的", True),
        ("朱镕基、李喆同志", False),
        ("锟斤拷锟斤拷", True),
        ("普通的一句话。", False),
        ("\uf06c加强执法监督", False),  # a bullet of Word's Symbol font
        ("加强\uf06c执法监督", True),
        ("(详见www.x.cn/?id)", False),
        ("好!", False),
    ],
)
def test_damage_is_flagged(text, damaged):
    assert is_damaged(text) is damaged


def test_traditional_becomes_simplified_where_it_occurs():
    assert (
        to_simplified("著力推進依法行政，質量。存在著短板；著名的瞭望塔")
        == "着力推进依法行政，质量。存在着短板；著名的瞭望塔"
    )
    assert to_simplified("一目瞭然，不瞭解，乾隆與乾燥") == "一目了然，不了解，乾隆与干燥"


def test_simplified_text_is_left_alone():
    text = "土著、显著、著名;了望,干部。"
    assert to_simplified(text) is text


def test_a_long_stretch_without_punctuation_is_converted():
    assert to_simplified("質量" * 5000) == "质量" * 5000


WRAPPED = """　　全市各级行政机关认真贯彻落实上级决策部署，扎实推进依法行
政各项工作，全年共办理行政复议案件七件，行政应诉案件十三件，
行政机关负责人出庭应诉率达到百分之百，群众对政府依法办事的满
意度有了新的提高。
　　一是加强组织领导。市政府常务会议四次专题研究法治政府建设工
作，印发年度工作要点，把任务分解到各个部门，按季度调度进展，
年底统一考核。
"""


def test_hard_wrapped_lines_are_joined():
    lines = cleaned(WRAPPED).strip("\n").split("\n")
    assert len(lines) == 2
    assert lines[0].startswith("全市各级行政机关")
    assert "扎实推进依法行政各项工作,全年" in lines[0]
    assert lines[1].startswith("一是加强组织领导。市政府常务会议四次专题研究法治政府建设工作,印发")


def test_lines_of_their_own_length_are_not_joined():
    text = "\n".join(["一、工作情况", "(一)加强领导", "市政府高度重视法治政府建设工作。" * 6, "责任单位:市司法局"] * 4)
    assert cleaned(text).count("\n") == text.count("\n")


def test_a_marked_line_is_never_joined_to_a_full_one():
    full = "全市各级行政机关认真贯彻落实上级决策部署扎实推进依法行政工作"
    text = "\n".join([full, full, "结束。", "一、" + full[2:], full, "结束。", "(二)" + full[3:], full, "第三次会议。"])
    assert [line[:2] for line in cleaned(text).split("\n")] == ["全市", "一、", "(二"]


def test_a_continuation_that_begins_with_a_bracket_is_joined():
    full = "全市各级行政机关认真贯彻落实上级决策部署推动各县"
    text = "\n".join(
        [
            "　　" + full,
            "(市、区)认真贯彻落实上级决策部署推动政府工作",
            "12.5万人受益。",
            "　　" + full,
            full,
            "第三次会议。",
        ]
    )
    assert [line[-5:] for line in cleaned(text).split("\n")] == ["万人受益。", "三次会议。"]


def test_list_entries_of_one_length_stay_apart():
    text = "\n".join(f"第{number}小组负责协调推进全市范围内的重点项目建设" for number in "甲乙丙丁戊己庚辛")
    assert cleaned(text) == text


def test_one_long_line_does_not_hide_the_wrapping():
    assert len(cleaned(WRAPPED * 2 + "网站地图" * 40).split("\n")) == 5


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_the_seeds_keep_their_lines(seeds, number):
    text = seeds[number].text
    assert clean(text).text.count("\n") == text.count("\n")


def test_the_alignment_points_at_originals():
    result = clean("素質(zhì)高，２０２０ 年")
    assert result.text == "素质高,2020年"
    assert result.origin.tolist() == [0, 1, 7, 8, 9, 10, 11, 12, 14]


def test_empty_text():
    result = clean("")
    assert result.text == ""
    assert result.origin.tolist() == []
