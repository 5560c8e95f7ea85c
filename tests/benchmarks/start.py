"""Time `fazhi tag` on one seed, process start to finished file, and a hundred reports at a time.

python tests/benchmarks/start.py
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "reports"
COMMAND = Path(sys.executable).parent / "fazhi"
REPEATS = 10
MANY = 100


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        one = [seconds(["tag", str(next(SEEDS.glob("004*"))), "-o", f"{folder}/x.jsonl"]) for _ in range(REPEATS)]
        for number in range(MANY):
            seed = sorted(SEEDS.glob("*.txt"))[number % 5]
            shutil.copy(seed, Path(folder) / f"{number:03}.txt")
        many = seconds(["tag", folder, "--out", f"{folder}/out"])
    print("| `fazhi tag`, process start to file | |\n| --- | --- |")
    print(
        f"| one report (seed 004, {REPEATS} runs) | median {statistics.median(one):.2f} s, slowest {max(one):.2f} s |"
    )
    print(f"| {MANY} reports, two cores | {many:.1f} s |")


def seconds(arguments: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run([COMMAND, *arguments, "--bundle", "linear"], check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
