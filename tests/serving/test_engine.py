"""A bundle behind the event loop: the same answers as without it, also while the bundle is exchanged."""

import asyncio
import dataclasses

import pytest
from bundle_copies import edit, release

from fazhi.model.reading import InputError, document_from_text
from fazhi.model.report import Place, paragraph_alone
from fazhi.model.tagger import explain, load_tagger
from fazhi.serving.batching import BatchSettings
from fazhi.serving.engine import Asked, Engine, EngineSettings, Lone

pytestmark = pytest.mark.anyio
TEXT = "某市法治政府建设报告\n一、工作情况\n(一)严格规范公正文明执法。开展行政执法检查3次,落实三项制度。\n二、存在问题\n执法人员不足。"
CHECKS = "一是严格执法。开展行政执法检查3次,落实行政执法三项制度,规范行政处罚自由裁量。"
COURSES = "组织领导干部学法培训,开展普法宣传活动20场。"


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="module")
def tagger():
    return load_tagger("linear")


def asked(engine, min_score=0.0, **wanted):
    tagger = dataclasses.replace(engine.tagger, min_score=min_score)
    return Asked(tagger, asyncio.get_running_loop().time() + 60, **wanted)


def lone(text, **place):
    document = document_from_text(text, "x")
    return Lone(document, paragraph_alone(document, Place(**place)))


def pair():
    return [lone(CHECKS, path=("一、工作情况",)), lone(COURSES)]


def engine_of(tagger, **settings):
    return Engine(lambda: tagger, EngineSettings(BatchSettings(**settings)), lambda _: None)


async def test_reports_tagged_at_the_same_time_are_tagged_as_by_themselves(tagger, seeds):
    documents = [seeds["003"], document_from_text(TEXT, "small"), seeds["001"]]
    async with engine_of(tagger, characters=100_000, wait=0.05) as engine:
        found = await asyncio.gather(*(engine.tag(each, asked(engine)) for each in documents))
    assert found == [tagger.tag(each) for each in documents]


async def test_explaining_finds_the_same_words(tagger):
    document = document_from_text(TEXT, "small")
    async with engine_of(tagger) as engine:
        found = await engine.tag(document, asked(engine, explain=True))
    assert found == explain(tagger.tag(document), document, tagger.scorer)
    assert found.paragraphs[2].earned[0].sentence.text == "开展行政执法检查3次,落实三项制度。"


async def test_a_minimum_score_raises_thresholds_of_this_request_only(tagger):
    document = document_from_text(TEXT, "small")
    async with engine_of(tagger) as engine:
        strict = await engine.tag(document, asked(engine, min_score=1.0))
        usual = await engine.tag(document, asked(engine))
    assert [each.themes for each in strict.paragraphs] == [()] * 5
    assert usual.paragraphs[2].themes == ("enforcement",)


async def test_a_paragraph_alone_does_not_depend_on_its_company(tagger):
    async with engine_of(tagger, characters=60) as engine:  # one paragraph a batch
        apart = [(await engine.tag_lone([each], asked(engine)))[0] for each in pair()]
    async with engine_of(tagger) as engine:
        together = await engine.tag_lone(pair(), asked(engine, explain=True))
    assert [each.paragraphs[0].theme_scores for each in together] == [each.paragraphs[0].theme_scores for each in apart]
    first, second = (each.paragraphs[0] for each in together)
    assert (first.paragraph.marker, first.themes, first.section) == ("一是", ("enforcement",), "work")
    assert set(second.themes) == {"publicity", "capacity"}
    assert first.earned[0].sentence.start == CHECKS.index("开展")


async def test_place_and_level_of_a_paragraph_are_what_its_sender_knows(tagger):
    heading = lone("(一)严格规范公正文明执法", level=2, path=("一、工作情况",), index=3, count=40)
    async with engine_of(tagger) as engine:
        [found] = await engine.tag_lone([heading], asked(engine))
    assert found.paragraphs[0].section == "heading"
    assert found.paragraphs[0].themes == ("enforcement",)
    assert heading.paragraph.model_text == "一、工作情况 | 0 | (一)严格规范公正文明执法"


async def test_requests_under_way_keep_their_bundle_while_it_is_exchanged(tmp_path):
    old = release(tmp_path / "old", version="1.0.0")
    new = release(tmp_path / "new", version="2.0.0")
    folders = [old]
    engine = Engine(lambda: load_tagger(folders[-1]), EngineSettings(), lambda _: None)
    async with engine:
        begun = [asyncio.create_task(engine.tag(document_from_text(TEXT, str(n)), asked(engine))) for n in range(3)]
        await asyncio.sleep(0)
        folders.append(new)
        await engine.reload()
        after = await engine.tag(document_from_text(TEXT, "after"), asked(engine))
        assert {(await task).model for task in begun} == {"fazhi-linear@1.0.0"}
        assert after.model == "fazhi-linear@2.0.0"
        edit(new / "thresholds.json", theme_margin=0.1)
        with pytest.raises(InputError, match="is not the file that the manifest names"):
            await engine.reload()
        assert (await engine.tag(document_from_text(TEXT, "still"), asked(engine))).model == "fazhi-linear@2.0.0"
