"""Time the XLSX and HTML results: the tagged seeds, over and over, as 1,000 and as 20,000 rows.

    python tests/benchmarks/workbook.py

For scale, the same cells written plainly (one sheet, no formats, no drop-downs) by what one would otherwise pick:
openpyxl, and pandas where it is installed.
"""

import importlib.util
import json
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from fazhi.model import Tagger, load_tagger
from fazhi.model.tagger import TaggedReport
from fazhi.serving.outputs import record
from fazhi.serving.page import render_page
from fazhi.serving.xlsx import XlsxResults

SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "reports"
Writer = Callable[[Sequence[TaggedReport], Tagger, Path], None]


def our_xlsx(reports: Sequence[TaggedReport], tagger: Tagger, path: Path) -> None:
    with XlsxResults(path, tagger.bundle.scheme, {}) as results:
        for report in reports:
            results.add(report)


def our_html(reports: Sequence[TaggedReport], tagger: Tagger, path: Path) -> None:
    bundle = tagger.bundle
    path.write_text(render_page(reports, bundle.scheme, bundle.decisions.theme_thresholds, ""), encoding="utf-8")


def plain_openpyxl(reports: Sequence[TaggedReport], _tagger: Tagger, path: Path) -> None:
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    for row in plain_rows(reports):
        sheet.append(list(row.values()))
    workbook.save(path)


def plain_pandas(engine: str) -> Writer:
    def write(reports: Sequence[TaggedReport], _tagger: Tagger, path: Path) -> None:
        import pandas as pd

        pd.DataFrame(plain_rows(reports)).to_excel(path, index=False, engine=engine)

    return write


def plain_rows(reports: Sequence[TaggedReport]) -> list[dict[str, object]]:
    rows = []
    for report in reports:
        for tagged in report.paragraphs:
            row = record(report, tagged)
            scores = row.pop("theme_scores")
            rows.append(
                {key: json.dumps(each) if isinstance(each, list) else each for key, each in row.items()} | scores
            )
    return rows


def writers() -> dict[str, tuple[str, Writer]]:
    found: dict[str, tuple[str, Writer]] = {"fazhi xlsx": ("xlsx", our_xlsx), "fazhi html": ("html", our_html)}
    if importlib.util.find_spec("openpyxl"):
        found["openpyxl, plain cells"] = ("xlsx", plain_openpyxl)
        if importlib.util.find_spec("pandas"):
            found["pandas + openpyxl, plain cells"] = ("xlsx", plain_pandas("openpyxl"))
            found["pandas + XlsxWriter, plain cells"] = ("xlsx", plain_pandas("xlsxwriter"))
    return found


def at_least(rows: int, reports: Sequence[TaggedReport]) -> list[TaggedReport]:
    """Repeat the reports until they have so many paragraphs."""
    each = sum(len(report.paragraphs) for report in reports)
    return list(reports) * -(-rows // each)


def main() -> None:
    tagger = load_tagger("linear")
    reports = [tagger.tag(path) for path in sorted(SEEDS.glob("*.txt"))]
    print("| writer | paragraphs | seconds | MB |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for rows in (1_000, 20_000):
            many = at_least(rows, reports)
            written = sum(len(report.paragraphs) for report in many)
            for name, (ending, write) in writers().items():
                path, start = Path(folder) / f"out.{ending}", time.perf_counter()
                write(many, tagger, path)
                seconds = time.perf_counter() - start
                print(f"| {name} | {written:,} | {seconds:.2f} | {path.stat().st_size / 1e6:.1f} |")
    print(f"\nmost memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
