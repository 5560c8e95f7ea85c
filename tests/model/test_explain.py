"""What earned a theme: worked out with a scorer that counts words, and on the seeds with the fallback."""

import importlib

import numpy as np
import pytest

from fazhi.model.reading import document_from_text
from fazhi.model.report import origins, segment
from fazhi.model.report.pieces import MOST, clauses, sentences, windows
from fazhi.model.scorers import Scores, sigmoid
from fazhi.model.tagger import TaggedParagraph, TaggedReport, explain, load_tagger

THEMES = ("enforcement", "publicity", "long", "either", "always")


class Counting:
    """Log-odds that a person can work out; keeps every sequence that it scored."""

    def __init__(self):
        self.seen = []

    def score(self, paragraphs):
        self.seen.append(list(paragraphs))
        odds = np.array([self.odds(each.clean) for each in paragraphs], dtype=np.float64)
        return Scores(sigmoid(odds), np.zeros((len(paragraphs), 1)))

    @staticmethod
    def odds(clean):
        return (
            4 * clean.count("执法") - 3,
            2 * clean.count("普法") - 1,
            5 - len(clean) / 10,  # whatever is left out raises it
            5 if "甲" in clean or "乙" in clean else -1,  # either will do
            6,
        )


def explained(text, *themes, scorer=None):
    """Give every paragraph the themes, and return the explained report with the text it was cut from."""
    document = document_from_text(text, "t")
    report = segment(document)
    tagged = tuple(
        TaggedParagraph(
            each, "work", 1.0, themes, tuple(map(float, sigmoid(np.array(Counting.odds(each.clean))))), "sure"
        )
        for each in report.paragraphs
    )
    return explain(TaggedReport("t", report.sha256, "t@1", THEMES, tagged), document, scorer or Counting())


def only(text, theme):
    """Return what earned the theme in the last paragraph."""
    [found] = explained(text, theme).paragraphs[-1].earned
    return found


DUTIES = "一、工作\n严格执法检查,推进普法宣传。执法公开,执法为民;召开会议。"


def test_the_sentence_and_the_clause_that_lower_the_score_most():
    """Three 执法: log-odds 9. Without the second sentence, which has two of them, 1; without either clause of it, 5."""
    enforcement, publicity = explained(DUTIES, "enforcement", "publicity").paragraphs[1].earned
    assert (enforcement.theme, publicity.theme) == ("enforcement", "publicity")
    assert (enforcement.sentence.text, enforcement.words.text) == ("执法公开,执法为民;", "执法公开")
    assert (enforcement.sentence.drop, enforcement.words.drop) == pytest.approx((8, 4), abs=1e-6)
    assert (enforcement.sentence.without, enforcement.words.without) == pytest.approx((0.73106, 0.99331), abs=1e-5)
    assert (publicity.sentence.text, publicity.words.text) == ("严格执法检查,推进普法宣传。", "推进普法宣传")
    assert (publicity.words.drop, publicity.words.without) == pytest.approx((2, 0.26894), abs=1e-5)


def test_spans_count_in_the_file_and_in_the_clean_text():
    """一、工作 and the line feed take five characters; the second sentence begins after fourteen more."""
    found = only(DUTIES, "enforcement")
    assert (found.sentence.start, found.sentence.end, found.sentence.clean) == (19, 29, (14, 24))
    assert (found.words.start, found.words.end, found.words.clean) == (19, 23, (14, 18))


@pytest.mark.parametrize("theme", ["long", "always"])
def test_a_theme_that_no_absence_lowers_gets_no_mark(theme):
    assert explained(DUTIES, theme).paragraphs[1].earned == ()


def test_paragraphs_without_themes_are_not_scored():
    scorer = Counting()
    assert [each.earned for each in explained(DUTIES, scorer=scorer).paragraphs] == [(), ()]
    assert scorer.seen == []


def test_words_are_none_where_only_the_whole_sentence_counts():
    found = only("甲部门,乙部门。其他。", "either")
    assert (found.sentence.text, found.words) == ("甲部门,乙部门。", None)
    assert found.sentence.drop == pytest.approx(6)


def test_a_long_clause_is_narrowed_to_a_window():
    """执法 stands at 16 and 17 of 20: of windows that begin at 0, 2, … 12, the first that holds it begins at 10."""
    found = only("子丑寅卯辰巳午未申酉戌亥天地玄黄执法宇宙。", "enforcement")
    assert found.words.text == "戌亥天地玄黄执法"
    assert found.words.clean == (10, 18)


def test_the_marker_earns_nothing_and_no_text_is_ever_empty():
    scorer = Counting()
    report = explained("一、执法\n(一)执法", "enforcement", scorer=scorer)
    assert [each.earned[0].words.text for each in report.paragraphs] == ["执法", "执法"]
    assert {row.clean for rows in scorer.seen for row in rows} == {"一、执法", "一、", "(一)执法", "(一)", "…"}
    scorer = Counting()
    assert explained("执法", "enforcement", scorer=scorer).paragraphs[0].earned[0].words.text == "执法"
    assert {row.clean for rows in scorer.seen for row in rows} == {"执法", "…"}


def test_what_is_scored_differs_from_the_paragraph_in_its_text_alone():
    scorer = Counting()
    report = explained("一、工作\n(一)严格执法\n一是执法。\n二是普法,执法。", "enforcement", scorer=scorer)
    known = {each.paragraph.index: each.paragraph for each in report.paragraphs}
    for row in (row for rows in scorer.seen for row in rows):
        whole = known[row.index]
        assert (row.count, row.level, row.marker, row.path) == (whole.count, whole.level, whole.marker, whole.path)
        assert row.model_context == whole.model_context


def test_the_work_is_bounded():
    """A hundred sentences are left out in 20 groups of five; five sentences of a clause each stay to choose from."""
    scorer = Counting()
    text = "执法者。" + "".join(f"第{place}句。" for place in range(1, 100))
    report = explained(text, "enforcement", scorer=scorer)
    first, second = scorer.seen
    assert (len(first), len(second)) == (1 + 20 + 1, 1 + 5 + 1)
    assert report.paragraphs[0].earned[0].sentence.text == "执法者。第1句。第2句。第3句。第4句。"
    assert report.paragraphs[0].earned[0].words.text == "执法者"


def test_pieces_are_never_more_than_the_bound():
    assert len(sentences("子。" * 1000)) == len(clauses("丑,", (0, 2))) + 23 == MOST
    assert len(clauses("子," * 1000, (0, 2000))) == MOST
    assert len(windows((0, 5000))) == MOST
    assert windows((3, 19)) == []
    assert windows((3, 20)) == [(3, 11), (5, 13), (7, 15), (9, 17), (11, 19), (12, 20)]


def test_pieces_by_hand():
    text = "一是严格执法;“放管服”(试点)、审批。”完"
    assert [text[slice(*span)] for span in sentences(text, 2)] == ["严格执法;", "“放管服”(试点)、审批。”", "完"]
    assert [text[slice(*span)] for span in clauses(text, (7, 20))] == ["“放管服”", "试点", "审批"]
    assert sentences("。;") == clauses(",、", (0, 2)) == []


def test_marks_in_text_that_was_cleaned():
    """Traditional characters, pinyin in brackets, full-width stops, blanks: the mark is what stands in the file."""
    text = "一、工作\r\n\u3000\u3000推進執(zhí)法  檢查，  開展 普\u200b法 ;其他。"
    found = explained(text, "enforcement", "publicity").paragraphs[1].earned
    assert [each.words.text for each in found] == ["推進執(zhí)法  檢查", "開展 普\u200b法"]
    for each in found:
        assert each.sentence.text == "推進執(zhí)法  檢查，  開展 普\u200b法 ;"
        for stretch in (each.sentence, each.words):
            assert text[stretch.start : stretch.end] == stretch.text


def test_marks_in_text_that_was_damaged():
    text = "一、工作\n专家\ufffd执法熘贫?,普法。"
    report = explained(text, "enforcement")
    assert report.paragraphs[1].paragraph.flags == ("damaged",)
    assert report.paragraphs[1].earned[0].words.text == "专家\ufffd执法熘贫"


def test_marks_run_over_the_breaks_of_wrapped_lines():
    line = "全市各级行政机关认真履行职责不断提高依法行政的能力和水平并且"
    text = f"{line}\n" * 6 + "全市各级行政机关认真履行职责不断提高依法行政的能力,坚持执\n法检查,其他。"
    [paragraph] = explained(text, "enforcement").paragraphs
    [found] = paragraph.earned
    assert found.words.text == "坚持执\n法检查"
    assert text[found.words.start : found.words.end] == found.words.text
    assert paragraph.paragraph.clean[slice(*found.words.clean)] == found.words.text.replace("\n", "")


def test_origins_belong_to_one_document(seeds):
    paragraphs = segment(seeds["001"]).paragraphs
    for each, places in zip(paragraphs, origins(seeds["001"], paragraphs), strict=True):
        assert len(places) == len(each.clean)
        assert each.start == places[0]
        assert places[-1] < each.end
        assert (np.diff(places) > 0).all()
    with pytest.raises(ValueError, match="paragraph 0 was not cut from"):
        origins(seeds["000"], paragraphs)


@pytest.fixture(scope="module")
def fallback(seeds):
    """The fallback on two seeds, one simplified, one traditional with pinyin: tagged and explained."""
    tagger = load_tagger("linear")
    return tagger, [(seeds[name], tagger.tag(seeds[name])) for name in ("002", "003")]


def test_every_span_of_the_seeds_is_what_it_says(fallback):
    tagger, reports = fallback
    marks = 0
    for document, tagged in reports:
        for each in explain(tagged, document, tagger.scorer).paragraphs:
            themes = [found.theme for found in each.earned]
            assert themes == [
                theme for theme in each.themes if theme in themes
            ]  # scheme order, none that was not given
            for found in each.earned:
                marks += 1
                inside = found.words or found.sentence
                assert each.paragraph.start <= found.sentence.start <= inside.start
                assert inside.end <= found.sentence.end <= each.paragraph.end
                for stretch in (found.sentence, inside):
                    assert document.text[stretch.start : stretch.end] == stretch.text != ""
                    assert stretch.drop > 0
                    assert stretch.without < each.theme_scores[tagged.theme_ids.index(found.theme)]
    assert marks > 50


def test_a_drop_is_what_the_scorer_says_of_the_text_without_it(fallback):
    """Scored in its place in the report: what neighbours add is no part of the difference."""
    from dataclasses import replace

    tagger, [(document, tagged), _] = fallback
    paragraphs = tuple(each.paragraph for each in tagged.paragraphs)
    for each in explain(tagged, document, tagger.scorer).paragraphs[5:12]:
        for found in each.earned:
            first, last = found.sentence.clean
            row, clean = each.paragraph.index, each.paragraph.clean
            shorter = replace(each.paragraph, clean=clean[:first] + clean[last:] or "…")
            scores = tagger.scorer.score((*paragraphs[:row], shorter, *paragraphs[row + 1 :])).themes[row]
            assert found.sentence.without == pytest.approx(scores[tagged.theme_ids.index(found.theme)], abs=1e-6)


def test_marks_do_not_depend_on_how_the_work_is_dealt_out(fallback, monkeypatch):
    tagger, [_, (document, tagged)] = fallback
    at_once = explain(tagged, document, tagger.scorer)
    monkeypatch.setattr(importlib.import_module("fazhi.model.tagger.occlusion"), "_BATCH", 100)
    by_pieces = explain(tagged, document, tagger.scorer)
    spans = [
        [
            [(found.theme, found.sentence.clean, found.words and found.words.clean) for found in each.earned]
            for each in report.paragraphs
        ]
        for report in (at_once, by_pieces)
    ]
    assert spans[0] == spans[1]
    assert all(each.earned is None for each in tagged.paragraphs)
