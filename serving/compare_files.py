"""A comparison as the bytes of a file, in every form that there is: `html`, `xlsx`, `csv`, `jsonl`.

What stands in them is for `compare_page`, `xlsx_compare` and `compare_lines`; where they go is for others.
"""

from fazhi.serving.compare import Comparison
from fazhi.serving.compare_lines import render_lines
from fazhi.serving.compare_page import render_comparison
from fazhi.serving.destination import Results, facts_of

FORMATS = ("html", "xlsx", "csv", "jsonl")


def comparison_file(form: str, comparison: Comparison, results: Results) -> bytes:
    """Return the file; its sides were tagged as `results` says."""
    bundle, thresholds = results.tagger.bundle, results.tagger.thresholds
    if form == "xlsx":
        from fazhi.serving.xlsx_compare import comparison_workbook  # noqa: PLC0415 - its library only for workbooks

        facts = {**facts_of(results), **results.remarks.facts()}
        return comparison_workbook(comparison, bundle.scheme, thresholds, facts)
    if form == "html":
        text = render_comparison(comparison, bundle.scheme, thresholds, bundle.label)
    else:
        text = render_lines(comparison, bundle.scheme, thresholds, form, bundle.label)
    return text.encode("utf-8", "backslashreplace")
