"""Whatever is sent, the answer is a result or a refusal: no 5xx, and spans that hold."""

import asyncio
import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from fazhi.model.cleaning import BLANKS
from fazhi.serving.api.schemas import FIELDS

ODD = st.text(
    st.sampled_from("一二(三)、。\n\r\t \u3000\u200b\ufeff\u2028=+-@<>&\"'{}%1a. \U0001f600\ue000"), max_size=80
)
TEXTS = st.one_of(st.text(max_size=80), ODD)
ANY = st.text(  # as the escapes of JSON can say it: halves of pairs, controls, what is no character
    st.one_of(
        st.integers(0, 0x10FFFF).map(chr),
        st.integers(0, 0x1F).map(chr),
        st.sampled_from("一、(二)。;\ud83d\ude00\x7f\x85\u202e\ufffe\uffff\U0010ffff"),
    ),
    max_size=40,
)
LONG = st.builds(lambda piece, times: piece * times, TEXTS, st.sampled_from([500, 2_000]))
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "text": st.one_of(TEXTS, st.none(), st.integers()),
        "paragraphs": st.lists(st.fixed_dictionaries({"text": TEXTS}, optional={"path": st.lists(TEXTS, max_size=2)})),
        "min_score": st.floats(allow_nan=False, allow_infinity=False),
        "fields": st.lists(st.sampled_from(sorted(FIELDS))),
        "explain": st.booleans(),
    },
)


async def answers_to(serving, bodies, files):
    async with serving() as client:
        tagged = [await client.post("/v1/tag", json=body) for body in bodies]
        sent = [{"file": (f"a{ending}", text.encode())} for text, ending in files]
        uploaded = [await client.post("/v1/reports", files=each) for each in sent]
    return tagged, uploaded


@settings(max_examples=8, deadline=None)
@given(
    bodies=st.lists(BODIES, max_size=8),
    texts=st.lists(TEXTS, max_size=8),
    files=st.lists(st.tuples(TEXTS, st.sampled_from([".txt", ".html", ".docx", ".zip"])), max_size=4),
)
def test_any_text_is_tagged_or_refused(serving, bodies, texts, files):
    bodies = [*bodies, *({"text": text} for text in texts)]
    tagged, uploaded = asyncio.run(answers_to(serving, bodies, files))
    assert {each.status_code for each in (*tagged, *uploaded)} <= {200, 422}
    for text, answer in zip(texts, tagged[len(tagged) - len(texts) :], strict=True):
        if answer.status_code == 200:
            for each in answer.json()["paragraphs"]:
                assert text[each["start"] : each["end"]] == each["text"]
        else:
            assert answer.json()["error"]["field"] == "text"


async def answers_to_texts(serving, texts):
    headers = {"content-type": "application/json"}
    async with serving() as client:
        sent = [json.dumps({"text": text}) for text in texts]  # in ASCII
        return [await client.post("/v1/tag", content=body, headers=headers) for body in sent]


def is_whole(text):
    return not any("\ud800" <= character <= "\udfff" for character in text)


@settings(max_examples=8, deadline=None)
@given(texts=st.lists(st.one_of(ANY, LONG), min_size=1, max_size=8))
@example(
    texts=[
        "\ud83d\ude00一",
        "\ude00\ud83d",
        "\x00",
        "\x00一\x1f",
        "\x1f",
        "\u202e一\u202c",
        "一" * 100_000,
        "一\n" * 900,
    ]
)
def test_any_code_points_are_tagged_where_they_stand_or_refused(serving, texts):
    """A pair of halves in escapes is one character; a half alone, or nothing but blanks, is refused, and nothing else."""
    for text, answer in zip(texts, asyncio.run(answers_to_texts(serving, texts)), strict=True):
        read = json.loads(json.dumps(text))
        taken = is_whole(read) and bool(read.strip(BLANKS)) and not read.isspace()
        assert answer.status_code == (200 if taken else 422), (text, answer.text)
        for each in answer.json().get("paragraphs", ()):
            assert read[each["start"] : each["end"]] == each["text"]


NUMBERS = st.one_of(st.integers(), st.integers(0, 9), st.none(), st.just("1"))
VOTES = st.fixed_dictionaries(
    {name: st.one_of(TEXTS, NUMBERS) for name in ("document", "text", "clean", "marker")}
    | dict.fromkeys(("index", "count", "start", "end", "level"), NUMBERS)
    | {
        "sha256": st.one_of(TEXTS, st.just("0" * 64)),
        "path": st.lists(TEXTS, max_size=2),
        "section": st.one_of(TEXTS, st.just("work")),
        "themes": st.lists(st.one_of(TEXTS, st.just("digital")), max_size=2),
        "scheme": st.one_of(TEXTS, st.just("70187ae07abbc477")),
        "segmenter": TEXTS,
    }
)


async def answers_to_votes(serving, bodies):
    async with serving() as client:
        return [await client.post("/v1/votes", json=body) for body in bodies]


@settings(max_examples=8, deadline=None)
@given(bodies=st.lists(st.builds(dict, annotator=TEXTS, answers=st.lists(VOTES, max_size=3)), max_size=8))
def test_any_votes_are_written_or_refused(serving, bodies):
    answers = asyncio.run(answers_to_votes(serving, bodies))
    assert {each.status_code for each in answers} <= {200, 422}
