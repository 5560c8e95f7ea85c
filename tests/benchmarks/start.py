"""Time `fazhi tag` from process start to finished file, one report and many at a time, and its largest process.

    python tests/benchmarks/start.py [COUNT …]

The many are the five seeds over and over. Memory is flat where a thousand reports need no more than a hundred.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SEEDS = sorted((Path(__file__).resolve().parents[2] / "seeds" / "reports").glob("*.txt"))
COMMAND = Path(sys.executable).parent / "fazhi"
BUNDLES = ("fazhi-small", "linear")
REPEATS = 10


def run(*given):
    """Run `fazhi tag`; return seconds from start to end, and the MB of its largest process."""
    start = time.perf_counter()
    child = subprocess.Popen([COMMAND, "tag", *given], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0, f"fazhi tag {given} failed"
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def row(bundle, counts):
    with tempfile.TemporaryDirectory() as folder:
        one = [run(SEEDS[4], "-o", f"{folder}/x.jsonl", "--bundle", bundle)[0] for _ in range(REPEATS)]
        cells = [f"{statistics.median(one):.2f} s", f"{max(one):.2f} s"]
        for count in counts:
            reports = Path(folder) / str(count)
            reports.mkdir()
            for number in range(count):
                shutil.copy(SEEDS[number % len(SEEDS)], reports / f"{number:05}.txt")
            seconds, largest = run(reports, "--out", f"{folder}/out-{count}", "--bundle", bundle)
            cells += [f"{seconds:.1f} s", f"{largest:.0f} MB"]
    return f"| `{bundle}` | {' | '.join(cells)} |"


def main(counts):
    many = "".join(f" {count:,} reports | largest process |" for count in counts)
    print(f"| `fazhi tag` | one report, median of {REPEATS} | slowest |{many}")
    print("| --- |" + " --- |" * (2 + 2 * len(counts)))
    for bundle in BUNDLES:
        print(row(bundle, counts), flush=True)


if __name__ == "__main__":
    main(sorted(map(int, sys.argv[1:])) or [100])
