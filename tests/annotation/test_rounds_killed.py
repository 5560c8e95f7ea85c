"""Signal 9 at every moment between two writes or requests of every round command; then the command is repeated."""

import shutil
import signal
import subprocess
import sys
from functools import partial

import pytest
from dying_process import SERVER, StoredStudio, run, stored
from round_material import SENTENCES, contents
from typer.testing import CliRunner

from fazhi.annotation.rounds import learn
from fazhi.annotation.rounds.cli import app
from fazhi.annotation.rounds.folder import rounds_in
from fazhi.annotation.rounds.learned import questions_of
from fazhi.annotation.rounds.lock import locked
from fazhi.model.reading import InputError

TITLES = ("试标", "复答")
START = ("start", "--size", "4", "--twice", "0.25", "--bundle", "linear", "--pool")
PUSH = ("push", "--project", TITLES[0], "--again", TITLES[1])
COURSE = (START, PUSH, ("pull",), ("train",), ("close",), (*START[:-1],), PUSH)
"""The answers come between the push and the pull."""


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "甲.txt"
    path.write_text("\n".join(["甲县法治政府建设报告", *SENTENCES]), encoding="utf-8")
    return path


def command(words, report, place, at=-1):
    pool = [report] if words[-1] == "--pool" else []
    return run([*words, *pool, "--rounds", place / "rounds"], partial(stored, place / SERVER, TITLES), at)


def answer(place):
    """Two people answer what is there."""
    studio = StoredStudio(place / SERVER, *TITLES)
    studio.answer(1, 1, "digital")
    studio.answer(2, 2, "digital")
    studio.store()


def asked(place):
    studio = StoredStudio(place / SERVER, *TITLES)
    return studio.uids(1), studio.uids(2)


def test_every_command_killed_at_every_moment_is_completed_by_its_repetition(tmp_path, report):
    whole = tmp_path / "whole"
    whole.mkdir()
    killed = 0
    for step, words in enumerate(COURSE):
        before = tmp_path / f"before-{step}"
        shutil.copytree(whole, before)
        assert command(words, report, whole) == 0
        at, code = 0, -signal.SIGKILL
        while code:
            place = tmp_path / f"{step}-{at}"
            shutil.copytree(before, place)
            code = command(words, report, place, at)
            assert code in {0, -signal.SIGKILL}
            assert command(words, report, place) == 0
            assert contents(place) == contents(whole), (words, at)
            shutil.rmtree(place)
            at += 1
        killed += at - 1
        if words is PUSH and step == 1:
            answer(whole)
    writes = 5 + 2 + 6 + 2 + 3 + 2 + 2
    assert killed >= 2 * writes, "each write has a moment before it and one after it; requests come on top"
    first, second = asked(whole)
    questions = questions_of(whole / "rounds", rounds_in(whole / "rounds"))
    assert first == [each.uid for each in questions]
    assert len(set(first)) == 8
    assert second == [each.uid for each in questions if each.twice]


def test_one_command_at_a_time(tmp_path, report):
    begun = CliRunner().invoke(app, [*START, str(report), "--rounds", str(tmp_path / "rounds")])
    assert begun.exit_code == 0, (begun.output, begun.exception)
    before = contents(tmp_path / "rounds")
    with locked(tmp_path / "rounds"):
        for words in COURSE:
            pool = [str(report)] if words[-1] == "--pool" else []
            refused = CliRunner().invoke(app, [*words, *pool, "--rounds", str(tmp_path / "rounds")])
            assert "is being worked on by another command — wait until it has ended" in str(refused.exception), words
    assert contents(tmp_path / "rounds") == before


def test_a_command_on_no_rounds_makes_no_folder(tmp_path):
    for words in COURSE[1:5]:
        refused = CliRunner().invoke(app, [*words, "--rounds", str(tmp_path / "rounds")])
        assert "holds no rounds — fazhi round start --pool REPORTS" in str(refused.exception)
    assert not (tmp_path / "rounds").exists()


def test_a_lock_ends_with_its_process_and_what_it_left_is_cleared_away(tmp_path):
    script = "import os, pathlib, sys; from fazhi.annotation.rounds.lock import locked\n"
    script += "with locked(pathlib.Path(sys.argv[1])):\n"
    script += "    pathlib.Path(sys.argv[1], f'.fazhi-{os.getpid()}.part').touch(); print('held', flush=True); input()"
    holder = subprocess.Popen(
        [sys.executable, "-c", script, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(InputError, match="is being worked on by another command"), locked(tmp_path):
            pass
        assert len(list(tmp_path.glob(".fazhi-*.part"))) == 1
        holder.kill()
    with locked(tmp_path):
        assert sorted(path.name for path in tmp_path.iterdir()) == [".lock"]


def test_a_training_that_outlives_its_command_is_waited_for(tmp_path):
    """The folder's lock is held by the training itself; drafts of one that was killed are cleared away after it."""
    (tmp_path / ".bundle-killed").mkdir()
    with locked(tmp_path), pytest.raises(InputError, match="is being worked on by another command"):
        learn.clear_killed(tmp_path)
    assert (tmp_path / ".bundle-killed").exists()
    learn.clear_killed(tmp_path)
    assert not (tmp_path / ".bundle-killed").exists()


def test_the_training_holds_its_folders_lock(tmp_path):
    """The command that runs is the real one; asked for its help, it ends at once, and not where the lock is held."""
    told = [*learn._FAZHI, "train", "--help", str(tmp_path)]
    with locked(tmp_path):
        refused = subprocess.run(told, capture_output=True, text=True, check=False)
    assert "is being worked on by another command" in refused.stderr
    allowed = subprocess.run(told, capture_output=True, text=True, check=False)
    assert (allowed.returncode, "linear" in allowed.stdout) == (0, True)
