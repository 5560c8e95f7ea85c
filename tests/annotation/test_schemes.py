"""Answers after a change of the label scheme: what is rewritten, what is to be read again, what is refused."""

import dataclasses

import pytest
from answered import answered
from typer.testing import CliRunner

from fazhi.annotation.cli import app
from fazhi.annotation.schemes.changes import changes
from fazhi.annotation.schemes.moves import plan, read_moves
from fazhi.annotation.schemes.rewriting import rewrite
from fazhi.model.labels import load_scheme, read_examples, write_examples
from fazhi.model.reading import InputError

THEMES = ("law", "police", "web")
SECTIONS = ("heading", "work", "plan", "!title")


def toml(themes=THEMES, sections=SECTIONS, words="定义"):
    """A scheme of these ids; a section after ! takes no themes."""
    lines = ['name = "small"', 'version = "1"']
    for place, name in enumerate(themes):
        lines += ["[[themes]]", f'id = "{name}"', f'zh = "主题{name}"', f'short = "{name}"', f'en = "{name}"']
        lines += [
            f'definition = "{words if name == "law" else "定义"}"',
            'takes = ""',
            'not = ""',
            f'color = "#00000{place}"',
        ]
        lines += [f'key = "{place}"']
    for place, name in enumerate(sections):
        lines += [
            "[[sections]]",
            f'id = "{name.removeprefix("!")}"',
            f'zh = "部分{name}"',
            'en = "x"',
            'definition = "x"',
        ]
        lines += [f'key = "{"abcdefg"[place]}"', f"themes = {str(not name.startswith('!')).lower()}"]
    return "\n".join(lines)


@pytest.fixture
def make(tmp_path):
    def made(name="new", **changed):
        path = tmp_path / f"{name}.toml"
        path.write_text(toml(**changed), encoding="utf-8")
        return load_scheme(path)

    return made


@pytest.fixture
def old(make):
    return make("old")


@pytest.fixture
def votes(old):
    answers = [
        (0, "title", (), "a"), (1, "heading", ("law",), "a"), (2, "work", ("law", "police"), "a"),
        (2, "work", ("law",), "b"), (3, "plan", ("web",), "a"), (4, "plan", (), "a"),
    ]  # fmt: skip
    return [
        answered("one", place, section, themes, name, scheme=old.fingerprint)
        for place, section, themes, name in answers
    ]


def rewritten(votes, old, new, verb, *words):
    return rewrite(votes, plan(old, new, read_moves(words), verb), old, new)


def themes_of(examples):
    return [(each.index, each.annotator, each.themes) for each in examples]


def test_what_differs_between_two_schemes(make, old):
    new = make(themes=("web", "law", "online"), sections=("heading", "!work", "plan", "title"), words="别的")
    found = changes(old, new)
    assert (found.removed, found.added, found.reordered) == (("police",), ("online",), True)
    assert found.reworded == ("law", "work", "title")  # the helper puts ! into a section's Chinese name
    assert (found.closed, found.opened) == (("work",), ("title",))
    assert changes(old, make("same")) == dataclasses.replace(
        found, removed=(), added=(), reordered=False, reworded=(), closed=(), opened=()
    )


def test_a_renamed_label_keeps_its_answers_in_the_new_order(make, old, votes):
    new = make(themes=("police", "rule", "web"), sections=("heading", "done", "plan", "!title"))
    found = rewritten(votes, old, new, "rename", "law=rule", "work=done")
    assert themes_of(found.kept)[1:4] == [(1, "a", ("rule",)), (2, "a", ("police", "rule")), (2, "b", ("rule",))]
    assert [each.section for each in found.kept] == ["title", "heading", "done", "done", "plan", "plan"]
    assert {each.scheme for each in found.kept} == {new.fingerprint}
    assert (found.review, found.given_up) == ((), {})


def test_two_names_can_change_places(make, old, votes):
    new = make(themes=("police", "law", "web"))
    assert themes_of(rewritten(votes, old, new, "rename", "law=police", "police=law").kept)[1:4] == [
        (1, "a", ("police",)), (2, "a", ("police", "law")), (2, "b", ("police",)),
    ]  # fmt: skip


def test_merged_labels_become_one_and_a_theme_can_be_given_up(make, old, votes):
    new = make(themes=("order",), sections=("heading", "body", "!title"))
    found = rewritten(votes, old, new, "merge", "law=order", "police=order", "web=", "work=body", "plan=body")
    assert themes_of(found.kept)[1:] == [
        (1, "a", ("order",)), (2, "a", ("order",)), (2, "b", ("order",)), (3, "a", ()), (4, "a", ()),
    ]  # fmt: skip
    assert found.given_up == {"web": 1}


def test_a_split_label_is_read_again_with_all_answers_to_its_paragraph(make, old, votes):
    """Paragraph 2: a said police, b did not. Without b's answer in the review their disagreement would be gone."""
    new = make(themes=("law", "police", "traffic", "web"))
    found = rewritten(votes, old, new, "split", "police=police,traffic")
    assert themes_of(found.kept) == [(0, "a", ()), (1, "a", ("law",)), (3, "a", ("web",)), (4, "a", ())]
    assert themes_of(found.review) == [(2, "a", ("law", "police", "traffic")), (2, "b", ("law",))]
    assert {each.source for each in found.review} == {"provisional"}


def test_a_label_carved_out_of_two(make, old, votes):
    new = make(themes=("law", "police", "web", "cyber"))
    found = rewritten(votes, old, new, "split", "police=police,cyber", "web=web,cyber")
    assert [each.index for each in found.review] == [2, 2, 3]


@pytest.mark.parametrize(
    ("words", "changed", "said"),
    [
        (["rename"], {"themes": ("law", "web")}, "would lose police (1 answers): the new scheme has no such label"),
        (["rename"], {"themes": ("law", "police", "web", "x")}, "is led to by no old label: x; nobody was asked about it"),
        (["rename", "police=law"], {"themes": ("law", "web")}, "merges or gives up police — use scheme merge"),
        (["rename", "police="], {"themes": ("law", "web")}, "merges or gives up police — use scheme merge"),
        (["merge", "police=police,x"], {"themes": ("law", "police", "x", "web")}, "splits police — use scheme split"),
        (["merge", "police=x"], {"themes": ("law", "x", "web")}, "merges nothing"),
        (["split", "police=x"], {"themes": ("law", "x", "web")}, "splits nothing"),
        (["rename", "nothing=law"], {}, "found 'nothing', which the old scheme lacks"),
        (["rename", "law=nothing"], {}, "found 'nothing', which the new scheme lacks"),
        (["rename", "law=plan"], {}, "makes a section of a theme or a theme of a section (law)"),
        (["merge", "work=heading"], {}, "moves heading, which the cut decides"),
        (["merge", "work="], {}, "gives up the section work"),
        (["rename", "plan=x"], {"sections": ("heading", "!work", "plan", "!title", "x")}, "led to by no old label: plan"),
        (["rename"], {"sections": ("heading", "!work", "plan", "!title"), "themes": ("police", "law", "web")},
         "would lose the themes of work (2 answers): the section carries none in the new scheme"),
    ],
)  # fmt: skip
def test_what_would_lose_answers_is_refused(make, old, votes, words, changed, said):
    with pytest.raises(InputError) as caught:
        rewritten(votes, old, make(**changed), *words)
    assert said in str(caught.value)


def test_a_label_that_nobody_gave_can_go(make, old, votes):
    kept = [each for each in votes if "police" not in each.themes]
    assert len(rewritten(kept, old, make(themes=("law", "web")), "rename").kept) == 5


@pytest.mark.parametrize("words", [["law"], ["=law"], ["law=x,x"], ["law=x", "law=y"]])
def test_what_is_no_move_is_refused(words):
    with pytest.raises(InputError, match="--map: "):
        read_moves(words)


def run(*arguments):
    return CliRunner().invoke(app, ["scheme", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path, votes):
    write_examples(tmp_path / "examples.jsonl", votes)
    return tmp_path


def test_the_commands_on_files(folder, make):
    renamed = make("renamed", themes=("rule", "police", "web"))
    path = folder / "examples.jsonl"
    done = run("rename", folder / "old.toml", folder / "renamed.toml", path, "-o", path, "--map", "law=rule")
    assert done.exit_code == 0, done.output
    assert "rewritten" in done.output
    assert read_examples(path, renamed)[1].themes == ("rule",)
    wider = make("wider", themes=("rule", "police", "web", "cyber"))
    arguments = ["split", folder / "renamed.toml", folder / "wider.toml", path, "--map", "web=web,cyber", "-o"]
    assert "is an input or another result too" in str(run(*arguments, path).exception)
    done = run(*arguments, folder / "out.jsonl")
    assert "in " + str(folder / "out.review.jsonl") + ": 1\n" in done.output
    assert [each.index for each in read_examples(folder / "out.review.jsonl", wider)] == [3]
    assert len(read_examples(folder / "out.jsonl", wider)) == 5
    again = run("rename", folder / "old.toml", folder / "old.toml", path, "-o", folder / "x.jsonl")
    assert "in their order — the answers are valid as they are" in str(again.exception)


def test_a_refusal_leaves_the_file_as_it_was(folder, make):
    make(themes=("law", "web"))
    before = (folder / "examples.jsonl").read_bytes()
    done = run(
        "rename", folder / "old.toml", folder / "new.toml", folder / "examples.jsonl", "-o", folder / "examples.jsonl"
    )
    assert "would lose police" in str(done.exception)
    assert (folder / "examples.jsonl").read_bytes() == before


def test_the_difference_says_how_many_answers_hang_on_it(folder, make):
    make(words="别的")
    arguments = [
        "diff",
        folder / "old.toml",
        folder / "new.toml",
        folder / "examples.jsonl",
        "--review",
        folder / "r.jsonl",
    ]
    done = run(*arguments)
    assert done.exit_code == 0, done.output
    assert "answers stay valid" in done.output
    assert "| law law | 改写 reworded | 3 |" in done.output
    assert [each.index for each in read_examples(folder / "r.jsonl", load_scheme(folder / "old.toml"))] == [1, 2, 2]


def test_ids_are_plain_words(tmp_path):
    path = tmp_path / "labels.toml"
    for name in ("a b", "a=b", "主题"):
        path.write_text(toml(themes=(name,)), encoding="utf-8")
        with pytest.raises(InputError, match="use letters, digits, _ and -"):
            load_scheme(path)
    path.write_text(toml().replace('id = "law"', "id = 5"), encoding="utf-8")
    with pytest.raises(InputError, match="has the ids 5"):
        load_scheme(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="is no label scheme"):
        load_scheme(path)
