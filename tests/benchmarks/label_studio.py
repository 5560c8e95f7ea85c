"""Seconds to push and pull many paragraphs: python tests/benchmarks/label_studio.py PROGRAM [PARAGRAPHS]

PROGRAM is `label-studio`, as `make studio` installs it. The five seeds are tagged once and repeated as other documents
until there are enough paragraphs; scoring is not timed. The pull is of a second project, in which two people answered each
paragraph as suggested: their answers are imported with the tasks, because the server takes some seven a second one by one.
"""

import sys
import tempfile
import time
from pathlib import Path

from fazhi.annotation.client import connect
from fazhi.annotation.home import Home
from fazhi.annotation.interface import interface_of
from fazhi.annotation.pull import run_pull
from fazhi.annotation.push import push
from fazhi.annotation.server import serving
from fazhi.annotation.tasks import Task, tasks_of
from fazhi.model import load_tagger
from fazhi.model.labels import load_scheme, uid_of

SEEDS = sorted((Path(__file__).resolve().parents[2] / "seeds" / "reports").glob("*.txt"))
AT_ONCE = 500
TARGETS = {"push": 30.0, "pull": 20.0}  # seconds for 5,000


def many(count):
    tagger = load_tagger("linear")
    tasks = [task for path in SEEDS for task in tasks_of(tagger.tag(path), tagger.bundle.scheme)]
    return [again(tasks[place % len(tasks)], place // len(tasks)) for place in range(count)]


def again(task, turn):
    meta = {**task.meta, "sha256": f"{turn}-{task.meta['sha256']}"}
    return Task({**task.data, "uid": uid_of(meta["sha256"], meta["start"], meta["end"])}, meta, task.prediction)


def answered(task, people):
    result = [{key: value for key, value in item.items() if key != "score"} for item in task.prediction["result"]]
    return {**task.body, "annotations": [{"completed_by": {"email": name}, "result": result} for name in people]}


def add_answered(studio, project, tasks):
    second = "li@localhost.local"
    studio.sdk.users.create(username="li", email=second)
    bodies = [answered(task, (studio.user, second)) for task in tasks]
    for start in range(0, len(bodies), AT_ONCE):
        studio.add_tasks(project, bodies[start : start + AT_ONCE])


def timed(what, call):
    began = time.perf_counter()
    value = call()
    print(f"{what}: {time.perf_counter() - began:.1f} s", flush=True)
    return value


def main():
    program, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5000
    tasks, scheme = many(count), load_scheme()
    with tempfile.TemporaryDirectory() as folder, serving(Home(Path(folder) / "home"), program, 0) as server:
        studio = connect(server.url, Home(Path(folder) / "home").secrets()["token"])
        with studio:
            project = studio.create("基准测试", interface_of(scheme), 1, "sequential")
            timed(f"push {count} (at most {TARGETS['push']:.0f})", lambda: push(studio, project, tasks, lambda _: None))
            project = studio.create("基准测试答案", interface_of(scheme), 2, "sequential")
            timed(f"import {count} with two answers each", lambda: add_answered(studio, project, tasks))
            out = Path(folder) / "examples.jsonl"
            first = f"pull {count} with {2 * count} answers (at most {TARGETS['pull']:.0f})"
            pulled = timed(first, lambda: run_pull(studio, project, out, scheme))
            print(f"votes {len(pulled.votes.examples)}, not taken {len(pulled.votes.problems)}")


if __name__ == "__main__":
    main()
