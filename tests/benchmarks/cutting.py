"""Time read -> clean -> cut on one core, and memory up to 50 MB; prints the table of the README.

    python tests/benchmarks/cutting.py

Beside it, in the same run, what a user would otherwise write: decode, OpenCC over the whole text, split at line
feeds. It gives no spans, levels or paths, so its time is a floor rather than a rival.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import opencc

from fazhi.model.cleaning.traditional import to_simplified
from fazhi.model.reading import read_document
from fazhi.model.report import segment

SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "reports"
LENGTH = 10_000
SIZES = (1, 10, 50)
REPEATS = 30


def main() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        print("| 10,000 characters, one core | fazhi | OpenCC + split | ratio |\n| --- | --- | --- | --- |")
        for name, pattern in (("simplified", "004*"), ("traditional", "001*")):
            path = Path(folder) / f"{name}.txt"
            path.write_text(sample(pattern, LENGTH), encoding="utf-8")
            ours, other = best(lambda path=path: segment(read_document(path))), best(lambda path=path: by_hand(path))
            print(f"| {name} | {ours * 1e3:.1f} ms | {other * 1e3:.1f} ms | {other / ours:.1f} x |")
        print("\n| simplified text | time | per MB | memory / size of the file |\n| --- | --- | --- | --- |")
        for size in SIZES:
            path = Path(folder) / f"{size}.txt"
            path.write_text(sample("004*", size * 1_000_000 // 3), encoding="utf-8")
            seconds, ratio = in_its_own_process(path)
            print(f"| {size} MB | {seconds:.1f} s | {seconds / size:.2f} s | {ratio:.1f} x |")


def sample(pattern: str, characters: int) -> str:
    text = next(SEEDS.glob(pattern)).read_text(encoding="utf-8")
    return (text * (characters // len(text) + 1))[:characters]


def by_hand(path: Path) -> list[str]:
    return converter.convert(path.read_text(encoding="utf-8")).split("\n")


def best(call: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def in_its_own_process(path: Path) -> tuple[float, float]:
    done = subprocess.run([sys.executable, __file__, str(path)], check=True, capture_output=True, text=True)
    seconds, ratio = map(float, done.stdout.split())
    return seconds, ratio


def measure(path: Path) -> None:
    """Print seconds, and the growth of the peak of memory over the size of the file."""
    to_simplified("質")  # dictionaries are not the file's memory
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    report = segment(read_document(path))
    seconds = time.perf_counter() - start
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert report.paragraphs
    print(seconds, grown / path.stat().st_size)


converter = opencc.OpenCC("t2s")

if __name__ == "__main__":
    main() if len(sys.argv) == 1 else measure(Path(sys.argv[1]))
