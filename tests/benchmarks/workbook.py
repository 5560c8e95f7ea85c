"""Time the XLSX result: the tagged seeds, over and over, as 1,000 and as 20,000 rows.

python tests/benchmarks/workbook.py
"""

import resource
import tempfile
import time
from pathlib import Path

from fazhi.model import load_tagger
from fazhi.serving.xlsx import XlsxResults

SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "reports"


def main() -> None:
    tagger = load_tagger("linear")
    reports = [tagger.tag(path) for path in sorted(SEEDS.glob("*.txt"))]
    print("| rows at least | written | seconds | MB |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for rows in (1_000, 20_000):
            path, written, start = Path(folder) / f"{rows}.xlsx", 0, time.perf_counter()
            with XlsxResults(path, tagger.bundle.scheme, {}) as results:
                while written < rows:
                    for report in reports:
                        results.add(report)
                        written += len(report.paragraphs)
            seconds = time.perf_counter() - start
            print(f"| {rows:,} | {written:,} | {seconds:.2f} | {path.stat().st_size / 1e6:.1f} |")
    print(f"\nmost memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
