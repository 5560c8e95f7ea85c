"""How fast `fazhi serve` answers, beside `fazhi tag` and a Hugging Face pipeline, and what too much load does to it.

    python tests/benchmarks/serving.py BUNDLE [TORCH_BUNDLE] [--seconds 60] [--each 10] [--soak 20000] [--threads 2]

Every side is a process of its own, all in this one run, on all cores, which the sender of the requests shares (`load.py`;
the share of a core that it takes is printed). The paragraphs are those of the five real reports, one a request. `fazhi tag`
tags copies of the same reports; its start is taken off by the difference between many copies and few. The other side is the
pipeline of `throughput.py` on the encoder of TORCH_BUNDLE behind FastAPI and uvicorn, in a plain `def` route as most are
written: the texts come ready made, and it gives twelve sigmoid scores. Without TORCH_BUNDLE it is left out.
Overload sends twice what was answered at 32 connections for `--seconds`; the soak sends `--soak` paragraphs over 8.
"""

import argparse
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from load import BROKEN, at_rate, by_turns

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from served import served  # noqa: E402

REPORTS = sorted((ROOT / "seeds" / "reports").glob("*.txt"))
CONNECTIONS = (1, 8, 32)
FEW, MANY = 2, 12  # copies of the reports
DEADLINE = 30.0  # of `fazhi serve`
SAMPLES = 10  # of memory during the soak


def paragraphs():
    """Return bodies with one paragraph each."""
    from fazhi.model.reading import read_document
    from fazhi.model.report import segment

    every = [each for path in REPORTS for each in segment(read_document(path)).paragraphs]
    return [packed({"paragraphs": [{"text": each.text, "path": list(each.path)[:8]}]}) for each in every]


def whole_reports():
    return [packed({"text": path.read_text(encoding="utf-8")}) for path in REPORTS]


def packed(body):
    return json.dumps(body, ensure_ascii=False).encode()


def command_line_rate(bundle):
    """Return how many paragraphs a second `fazhi tag` tags, its start taken off."""
    few, many = (command_line(bundle, copies) for copies in (FEW, MANY))
    return (many[0] - few[0]) / (many[1] - few[1])


def command_line(bundle, copies):
    """Return how many paragraphs so many copies of the reports have, and the seconds that `fazhi tag` takes."""
    line = [sys.executable, "-c", "from fazhi.serving.cli import main; main()", "tag", "--bundle", bundle]
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder) / "given", Path(folder) / "out"
        given.mkdir()
        for copy, path in itertools.product(range(copies), REPORTS):
            shutil.copy(path, given / f"{copy:03}-{path.name}")
        began = time.perf_counter()
        subprocess.run([*line, str(given), "--out", str(out)], check=True, capture_output=True)
        seconds = time.perf_counter() - began
        return sum(len(path.read_bytes().splitlines()) for path in out.rglob("*.jsonl")), seconds


def classify(bundle):
    """Serve the pipeline on any port until it is killed; its address is printed."""
    import socket

    import torch
    import uvicorn
    from fastapi import FastAPI
    from pydantic import BaseModel
    from throughput import classifier

    class Text(BaseModel):
        text: str

    run, _, cut = classifier(bundle)
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    app = FastAPI()

    @app.post("/classify")
    def answer(body: Text):
        return run(body.text, **cut)

    port = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    port.bind(("127.0.0.1", 0))
    port.listen()
    print(f"http://127.0.0.1:{port.getsockname()[1]}/classify", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[port])


@contextmanager
def classifying(bundle):
    """Run `classify` in a process; give its address."""
    line = [sys.executable, __file__, "--part", "classify", bundle]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def prepared(bundle):
    """Print the texts as the pipeline gets them."""
    from throughput import classifier

    print(json.dumps(classifier(bundle)[1]))


def texts_of(bundle):
    done = subprocess.run([sys.executable, __file__, "--part", "prepared", bundle], capture_output=True, check=True)
    return [packed({"text": text}) for text in json.loads(done.stdout.splitlines()[-1])]


def measure(url, bodies, seconds):
    """Return what was answered at each number of connections, after a warm-up, and print a row of each."""
    by_turns(url, bodies, 2, count=20)
    found = {}
    for connections in CONNECTIONS:
        found[connections] = sent = by_turns(url, bodies, connections, seconds)
        times = " | ".join(f"{sent.percentile(percent) * 1_000:.0f}" for percent in (50, 95, 99))
        wrong = len(sent.answers) - sent.count(200)
        print(f"| {connections} | {times} | {sent.rate:.1f} | {sent.share:.2f} | {wrong} |", flush=True)
    return found


def head(name):
    print(f"\n| {name}: connections | p50 ms | p95 ms | p99 ms | requests/s | sender's cores | not 200 |")
    print("| --- | --- | --- | --- | --- | --- | --- |")


def memory(process):
    """Return megabytes of a process that are in memory now."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


class Sampled:
    """Samples the memory of a process every second inside `with`."""

    def __init__(self, process):
        self.process, self.found, self.ended = process, [], threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        return self.found

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def run(self):
        while not self.ended.wait(1.0):
            self.found.append(memory(self.process))


def overload(server, bodies, rate, seconds):
    """Send twice what it bears; print what became of the requests and of the memory."""
    with Sampled(server.process) as samples:
        sent = at_rate(f"{server.url}/v1/tag", bodies, 2 * rate, seconds)
    taken, turned, broken = (sent.count(status) for status in (200, 429, BROKEN))
    others = len(sent.answers) - taken - turned - broken
    slowest = max(sent.good, default=float("nan"))
    print(f"\n| {2 * rate:.0f} requests a second for {seconds:.0f} s | |\n| --- | --- |")
    print(f"| answered 200 | {taken} ({sent.rate:.1f} a second) |\n| turned away 429 | {turned} |")
    print(f"| other statuses, broken connections | {others}, {broken} |")
    print(f"| accepted: p50, p99, slowest; deadline | {sent.percentile(50):.2f} s, ", end="")
    print(f"{sent.percentile(99):.2f} s, {slowest:.2f} s; {DEADLINE:.0f} s |")
    print(f"| memory at the start, half way, at the end | {at_points(samples, 3)} MB |")
    print(f"| sender's cores | {sent.share:.2f} |", flush=True)


def soak(server, bodies, count):
    """Send so many paragraphs; print the memory as it went."""
    with Sampled(server.process) as samples:
        sent = by_turns(f"{server.url}/v1/tag", bodies, 8, count=count)
    print(f"\nsoak: {sent.count(200)} of {count} answered 200 in {sent.seconds:.0f} s; ", end="")
    print(f"memory, {SAMPLES} samples: {at_points(samples, SAMPLES)} MB", flush=True)


def at_points(samples, count):
    """Return so many of the samples, evenly apart, the first and the last among them."""
    places = sorted({round(part * (len(samples) - 1) / (count - 1)) for part in range(count)}) if samples else []
    return ", ".join(f"{samples[place]:.0f}" for place in places)


def main(asked):
    bodies, threads = paragraphs(), ["--threads", str(asked.threads)]
    names = " · ".join(f"{name} {version(name)}" for name in ("fastapi", "uvicorn", "transformers", "torch"))
    print(f"{len(bodies)} paragraphs, {len(os.sched_getaffinity(0))} cores; {names}")
    with served("--bundle", asked.bundle, *threads) as server:
        head("`fazhi serve`, one paragraph")
        ours = measure(f"{server.url}/v1/tag", bodies, asked.each)
        head("`fazhi serve`, a whole report")
        single = by_turns(f"{server.url}/v1/tag", whole_reports(), 1, asked.each)
        print(f"| 1 | {' | '.join(f'{single.percentile(each) * 1_000:.0f}' for each in (50, 95, 99))} | ", end="")
        print(f"{single.rate:.2f} | {single.share:.2f} | {len(single.answers) - single.count(200)} |", flush=True)
        best = max(each.rate for each in ours.values())
        overload(server, bodies, ours[32].rate, asked.seconds)
        soak(server, bodies, asked.soak)
    rate = command_line_rate(asked.bundle)
    print(f"\n`fazhi tag` {rate:.1f} paragraphs a second; single requests reach {best / rate:.0%} of it (aim 70 %)")
    print(f"a whole report: p50 {statistics.median(single.good):.2f} s (aim 1.0 s)", flush=True)
    if asked.torch_bundle:
        texts = texts_of(asked.torch_bundle)
        with classifying(asked.torch_bundle) as url:
            head("Hugging Face pipeline behind FastAPI, one paragraph")
            theirs = measure(url, texts, asked.each)
        ratios = ", ".join(f"{ours[each].rate / theirs[each].rate:.1f}" for each in CONNECTIONS)
        print(f"\nfazhi answers {ratios} times as many at {', '.join(map(str, CONNECTIONS))} connections (aim 6)")


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle")
    parser.add_argument("torch_bundle", nargs="?")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--each", type=float, default=10.0)
    parser.add_argument("--soak", type=int, default=20_000)
    parser.add_argument("--threads", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--part"]:
        globals()[sys.argv[2]](*sys.argv[3:])
    else:
        main(options())
