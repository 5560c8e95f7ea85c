"""Cutting: the facts of the seeds, each rule, and each trap that must not cut."""

import pytest

from fazhi.model.reading import InputError, document_from_text
from fazhi.model.report import Place, origins, paragraph_alone, segment


def levels(report):
    return [sum(each.level == level for each in report.paragraphs) for level in (1, 2, 3)]


@pytest.mark.parametrize(
    ("number", "paragraphs", "headings"),
    [
        ("000", 66, [3, 8, 0]),
        ("001", 39, [3, 6, 0]),
        ("002", 54, [2, 9, 0]),
        ("003", 49, [5, 2, 0]),
        ("004", 85, [6, 12, 3]),
    ],
)
def test_the_seeds_are_cut_as_counted_by_hand(seeds, number, paragraphs, headings):
    report = segment(seeds[number])
    assert len(report.paragraphs) == paragraphs
    assert levels(report) == headings


def test_the_work_plan_has_seventeen_assignment_lines(seeds):
    lines = [each for each in segment(seeds["003"]).paragraphs if each.clean.startswith("责任单位:")]
    assert len(lines) == 17
    assert all(each.level == 0 and each.path for each in lines)


def test_the_seeds_damaged_paragraphs_are_flagged(seeds):
    flagged = {number: [p.index for p in segment(seed).paragraphs if p.flags] for number, seed in seeds.items()}
    assert flagged == {"000": [], "001": [], "002": [9, 31, 40], "003": [], "004": []}


def test_the_third_level_of_the_county_report(seeds):
    heads = [each.clean for each in segment(seeds["004"]).paragraphs if each.level == 3]
    assert heads == ["1.推动政府职能优化高效。", "2.全面建设数字法治政府。", "1.坚持科学民主依法决策。"]


# Rule 1: items


@pytest.mark.parametrize(
    ("line", "markers"),
    [
        ("问题是:一是人少。二是钱少。三是路远。", ["", "一是", "二是", "三是"]),
        ("第一,抓学习。第二,抓落实。", ["第一,", "第二,"]),
        ("首先,抓学习;其次,抓落实;最后,抓总结。", ["首先,", "其次,", "最后,"]),
        ("如下:1.清权。2.减权。3.晒权。", ["", "1.", "2.", "3."]),
        ("如下:(1)清权;(2)减权。", ["", "(1)", "(2)"]),
        ("如下:①清权;②减权。", ["", "①", "②"]),
        ("问题:一是人少(缺编12人)。”二是钱少。", ["", "一是", "二是"]),
        ("开展工作:一是2024年公布目录4项。二是完善规则。", ["", "一是", "二是"]),
    ],
)
def test_an_enumeration_cuts_its_line(cut, line, markers):
    assert [marker for _, marker, _ in cut(line)] == markers


@pytest.mark.parametrize(
    "line",
    [
        "我市排名全省第一,群众满意度之一,均居前列。",
        "主要表现在:一体推进的机制有待完善。二者缺一不可。",
        "增长2.3万元。完成1.5亿元;2.4万人受益。",
        "热线(12345、12315)整合。受理(1234件)。",
        "依据:〔2009〕51号文件办理。",
        "有三点:二是钱少。三是路远。",  # does not begin with the first
        "有三点:一是人少,二是钱少,三是路远。",  # commas run on
        "其次,抓落实。再次,抓总结。",
        "日期:1.15至2.20期间。",
        "会议指出:一是人少。",  # an enumeration of one
    ],
)
def test_what_only_looks_like_an_enumeration_does_not_cut(cut, line):
    assert len(cut(line)) == 1


def test_an_enumeration_that_begins_in_a_line_and_goes_on_in_the_next(cut):
    assert [marker for _, marker, _ in cut("存在问题:一是人少。\n二是钱少。三是路远。")] == ["", "一是", "二是", "三是"]


def test_enumerations_inside_enumerations(cut):
    line = "任务:一是清理。1.清权;2.减权。二是公开。1.上网;2.上墙。"
    assert [marker for _, marker, _ in cut(line)] == ["", "一是", "1.", "2.", "二是", "1.", "2."]


def test_an_enumeration_of_numbers_that_goes_on_in_the_next_line_makes_no_heading(cut):
    assert cut("存在问题:1.人手不足。\n2.经费不足。\n其他正文。") == [
        (0, "", "存在问题:"),
        (0, "1.", "1.人手不足。"),
        (0, "2.", "2.经费不足。"),
        (0, "", "其他正文。"),
    ]


# Rule 2: words before the items


def test_a_mark_and_one_sentence_before_items_is_a_heading(cut):
    paragraphs = cut("(一)深入学习,加强领导。一是提高站位。开会。二是加强领导。")
    assert [level for level, _, _ in paragraphs] == [2, 0, 0]


def test_an_unnumbered_lead_in_is_never_a_heading(cut):
    assert [level for level, _, _ in cut("仍存在一些问题和不足。一是人少。二是钱少。")] == [0, 0, 0]


# Rule 3: run-in heads


def test_a_mark_a_sentence_and_more_text_stays_one_body_paragraph(cut):
    assert cut("(一)落实学法制度。切实提高能力。\n下一段。")[0] == (0, "(一)", "(一)落实学法制度。切实提高能力。")


# Rule 4: one sentence alone on its line


@pytest.mark.parametrize(
    ("following", "level"),
    [
        ("市政府统筹推进。", 2),
        ("1.制定方案。", 2),
        ("(1)制定方案。", 2),
        ("一是制定方案。", 2),
        ("责任单位:市司法局", 0),
        ("牵头单位：市司法局", 0),
        ("(二)扩大公开。", 0),
        ("二、扩大公开", 0),
        ("第二部分 明年打算", 0),
        ("特此报告。", 0),
        ("2024年12月3日", 0),
        ("二〇二四年十二月三日", 0),
        ("【责任单位:市司法局】", 0),
        ("牵头及配合单位:市司法局", 0),
        ("责任单位、责任人:市司法局", 0),
        ("完成时限:12月底", 0),
        ("", 0),
    ],
)
def test_one_sentence_is_a_heading_when_something_follows_for_it_to_name(cut, following, level):
    assert cut(f"(一)建立考核档案,扩大评估面。\n{following}")[0][0] == level


def test_ranks_and_levels(cut):
    text = "第一部分 总结\n一、工作\n(一)学习\n1.开会\n(1)传达\n正文。"
    assert [level for level, _, _ in cut(text)] == [1, 1, 2, 3, 4, 0]


@pytest.mark.parametrize("line", ["一、二线城市治理", "2.3万人受益", "12.4国家宪法日活动", "2024.12.3", "十二届人大"])
def test_what_only_looks_like_a_mark(cut, line):
    assert cut(f"{line}\n正文。")[0][:2] == (0, "")


def test_marks_in_many_shapes(cut):
    for line, marker in [
        ("１．学习", "1."),
        ("（一）学习", "(一)"),
        ("1、2024年工作", "1、"),
        ("1、12345热线办理", "1、"),
        ("三、一线执法下沉", "三、"),
        ("1.2021-2025年规划", "1."),
        ("⑴学习", "⑴"),
        ("㈠学习", "㈠"),
    ]:
        assert cut(f"{line}\n正文。")[0][1] == marker


# Rule 5: paths


def paths(text):
    return [each.path for each in segment(document_from_text(text, "t")).paragraphs]


def test_the_path_holds_numbered_heads_alone_or_run_in():
    text = "标题\n一、工作。\n(一)学习。开会四次。\n责任单位:县局\n(二)落实\n一是督查。\n二、问题\n人少。"
    one = "一、工作"
    assert paths(text) == [(), (), (one,), (one, "(一)学习"), (one,), (one, "(二)落实"), (), ("二、问题",)]


def test_a_skipped_rank_and_a_part_shift_nothing():
    assert paths("第一部分 总结\n1.学习\n正文。\n第二部分 打算\n正文。") == [
        (),
        ("第一部分 总结",),
        ("第一部分 总结", "1.学习"),
        (),
        ("第二部分 打算",),
    ]


def test_numbered_items_inside_a_line_end_the_heads_of_their_rank():
    assert paths("一、任务\n3.旧任务\n正文。\n1.加强领导。2.推进改革。\n后文。")[-3:] == [("一、任务",)] * 3


def test_a_head_without_a_stop_is_cut_in_the_path():
    assert len(paths("1." + "很长" * 500 + "\n正文。")[1][0]) == 200


# Rule 6 and the rest


def test_spans_point_at_the_file(seeds):
    for seed in seeds.values():
        for each in segment(seed).paragraphs:
            assert each.text == seed.text[each.start : each.end]


def test_a_document_of_zero_width_characters_has_no_paragraphs():
    with pytest.raises(InputError, match="t: has no paragraphs"):
        segment(document_from_text("\ufeff\u200b\n\u200b", "t"))


def test_what_the_encoder_sees(seeds):
    each = segment(seeds["003"]).paragraphs[5]
    assert each.model_text.startswith("一、夯实依法行政工作基础 | 1 | (一)探索推行行政权力公开透明运行,")


def test_a_paragraph_alone_is_never_cut_and_keeps_what_its_sender_knows():
    document = document_from_text("\ufeff  一是严格执法。\n 二是公正司法。\u200b ", "p")
    found = paragraph_alone(document, Place(("一、工作",), index=2, count=30))
    assert (found.text, found.marker) == (document.text[found.start : found.end], "一是")
    assert (found.start, found.text[-6:]) == (3, "是公正司法。")
    assert (found.path, found.level, found.index, found.count) == (("一、工作",), 0, 2, 30)
    assert found.model_text == f"一、工作 | 0 | {found.clean}"
    [places] = origins(document, [found])
    assert (places[0], places[-1]) == (found.start, found.end - 1)


def test_a_paragraph_of_blanks_alone_is_none():
    with pytest.raises(InputError, match="has no words"):
        paragraph_alone(document_from_text("\u200b", "p"), Place())
