"""A bundle's tags of answered paragraphs, as rows of protocol `bundle`: as in oof.jsonl, but nothing was left out.

Whether the bundle was trained on these very paragraphs cannot be told from its manifest; `caveat` says so.
"""

from collections.abc import Sequence

from fazhi.model.bundle import find_bundle, read_bundle
from fazhi.model.labels import HEADING, Example, LeftOut
from fazhi.model.scorers import load_scorer
from fazhi.model.tagger import Tagger, decode_sections, tag_scores
from fazhi.training.rows import answered_reports

PROTOCOL = "bundle"


def bundle_tagger(name: str) -> Tagger:
    """Load a bundle by folder or name.

    Raises:
        InputError: No such bundle, or one of another scheme or version.
    """
    bundle = read_bundle(find_bundle(name))
    return Tagger(bundle, load_scorer(bundle))


def bundle_rows(tagger: Tagger, examples: Sequence[Example]) -> list[LeftOut]:
    """Tag the examples' paragraphs, each document as a whole."""
    documents: dict[str, list[Example]] = {}
    for example in examples:
        documents.setdefault(example.sha256, []).append(example)
    return [row for group in documents.values() for row in _document_rows(tagger, group)]


def caveat(tagger: Tagger) -> str:
    """Return what a reader of the bundle's figures must know."""
    bundle = tagger.bundle
    trained = bundle.manifest.training_data[:12] or "?"
    return (
        f"{bundle.label} 可能正是用这些段落训练的(训练数据 {trained}),数字会偏高,不能当作检验 · "
        f"{bundle.label} may have been trained on these very paragraphs (training data {trained}); its figures then "
        "flatter it and are no test"
    )


def _document_rows(tagger: Tagger, group: Sequence[Example]) -> list[LeftOut]:
    ordered, bundle = sorted(group, key=lambda example: example.index), tagger.bundle
    paragraphs, scheme = answered_reports(ordered, bundle.scheme)[0].paragraphs, bundle.scheme
    scores = tagger.scorer.score(paragraphs)
    heading = scheme.section_ids.index(HEADING)
    posteriors = decode_sections(paragraphs, scores.sections, heading, bundle.decisions.chain)
    return [
        LeftOut(
            uid=example.uid,
            document=example.document,
            sha256=example.sha256,
            index=example.index,
            protocol=PROTOCOL,
            part=0,
            model=bundle.label,
            scheme=scheme.fingerprint,
            theme_scores=tagged.theme_scores,
            section_scores=tuple(map(float, posterior)),
            section=tagged.section,
            themes=tagged.themes,
            band=tagged.band,
        )
        for example, tagged, posterior in zip(
            ordered, tag_scores(paragraphs, scores, scheme, bundle.decisions), posteriors, strict=True
        )
    ]
