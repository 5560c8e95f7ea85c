"""Choose and check the limit under which a document does not look like a report.

    python tests/benchmarks/genre.py [FOLDS]

Reports: the seeds and the written documents; other documents: tests/serving/genres/others.txt. Of both, every second one
chooses the limit, the rest checks it. The shipped bundles were fitted on all these reports, so their figures are in-sample;
with a number of folds the fallback is fitted anew without the reports of each fold (minutes a fold), which then are its figures.
"""

import sys
from pathlib import Path

from fazhi.model import load_tagger
from fazhi.model.bundle import find_bundle, read_bundle
from fazhi.model.labels import load_scheme, read_examples, trainable
from fazhi.model.reading import document_from_text
from fazhi.model.scorers import calibrated
from fazhi.model.tagger import TaggedReport, tag_scores
from fazhi.serving.genre import LEAST_SHARE, themed_share
from fazhi.training.fit_linear import fit_linear
from fazhi.training.rows import answered_reports
from fazhi.training.settings import load_linear_settings
from fazhi.training.splits import folds

ROOT = Path(__file__).resolve().parents[2]
BUNDLES = ("fazhi-small", "linear")
LIMITS = [step / 20 for step in range(1, 20)]


def other_documents() -> dict[str, str]:
    """Return the documents of other genres by name."""
    blocks = (ROOT / "tests" / "serving" / "genres" / "others.txt").read_text(encoding="utf-8").split("### ")[1:]
    return dict(block.split("\n", 1) for block in blocks)


def shares_in_sample(bundle: str) -> tuple[list[float], list[float]]:
    """Return the shares of reports and of other documents with a bundle that ships."""
    tagger = load_tagger(bundle)
    scheme, thresholds = tagger.bundle.scheme, tagger.bundle.decisions.theme_thresholds
    files = [
        *sorted((ROOT / "seeds" / "reports").glob("*.txt")),
        *sorted((ROOT / "seeds/written/documents").glob("*.txt")),
    ]
    others = [document_from_text(text, name) for name, text in other_documents().items()]
    reports, rest = (
        [themed_share(tagger.tag(each), scheme, thresholds)[1] for each in documents] for documents in (files, others)
    )
    return reports, rest


def shares_left_out(count: int) -> list[float]:
    """Return the shares of the reports, each with a model that was fitted without it and the bundle's decisions."""
    scheme, decisions = load_scheme(), read_bundle(find_bundle("linear")).decisions
    paths = [ROOT / "seeds" / "gold.jsonl", *sorted((ROOT / "seeds" / "written").glob("*.jsonl"))]
    reports = answered_reports(trainable([each for path in paths for each in read_examples(path, scheme)]), scheme)
    shares: dict[int, float] = {}
    for part in folds([report.source for report in reports], count, 0):
        held = set(part.tolist())
        model = fit_linear(
            [each for here, each in enumerate(reports) if here not in held], scheme, load_linear_settings()
        )
        for here in sorted(held):
            paragraphs = reports[here].paragraphs
            tagged = tag_scores(paragraphs, calibrated(model.logits(paragraphs), decisions), scheme, decisions)
            whole = TaggedReport("", "", "", scheme.theme_ids, tagged)
            shares[here] = themed_share(whole, scheme, decisions.theme_thresholds)[1]
        print(f"fold of {len(held)}: lowest {min(shares[here] for here in held):.2f}", file=sys.stderr, flush=True)
    return [shares[here] for here in sorted(shares)]


def rates(reports: list[float], others: list[float], limit: float) -> tuple[float, float]:
    """Return the share of reports that are doubted (false alarms), and of other documents that are (found)."""
    return tuple(sum(share < limit for share in shares) / len(shares) for shares in (reports, others))


def chosen_limit(reports: list[float], others: list[float]) -> float:
    """Return the limit with the best sum of reports passed and others found; of equal ones the lowest."""
    return max(
        LIMITS,
        key=lambda limit: (round(rates(reports, others, limit)[1] - rates(reports, others, limit)[0], 9), -limit),
    )


def table(title: str, reports: list[float], others: list[float]) -> str:
    limit = chosen_limit(reports[::2], others[::2])
    rows = [f"{title}: limit {limit} chosen on the first half; {LEAST_SHARE} is in force", ""]
    rows += ["| half | reports | false alarms | lowest report | others | found | highest others |", "| --- " * 7 + "|"]
    for name, start in (("choosing", 0), ("checking", 1)):
        half, rest = reports[start::2], others[start::2]
        false, found = rates(half, rest, LEAST_SHARE)
        highest = ", ".join(f"{share:.2f}" for share in sorted(rest)[-3:])
        rows.append(f"| {name} | {len(half)} | {false:.1%} | {min(half):.2f} | {len(rest)} | {found:.1%} | {highest} |")
    return "\n".join(rows) + "\n"


def main() -> None:
    for bundle in BUNDLES:
        reports, others = shares_in_sample(bundle)
        print(table(f"{bundle}, reports in-sample", reports, others))
    if len(sys.argv) > 1:
        print(table(f"linear, reports left out in {sys.argv[1]} folds", shares_left_out(int(sys.argv[1])), others))


if __name__ == "__main__":
    main()
