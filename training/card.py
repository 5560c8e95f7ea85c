"""The model card and notice of an encoder bundle: what a stranger must know before using it."""

from fazhi.model.bundle import Manifest
from fazhi.training.tables import metrics_tables


def encoder_card(manifest: Manifest) -> str:
    """Return README.md of a bundle, in Markdown."""
    beside = " with the linear character n-gram model beside it" if manifest.linear_share else ""
    return f"""# {manifest.name} {manifest.version}

Tags paragraphs of Chinese rule-of-law government reports (法治政府建设年度报告, work plans, department summaries) with
one of eleven sections and any of twelve themes. One encoder, two heads{beside}, tuned by `fazhi train encoder` from
`{manifest.base}` ({manifest.base_licence}). {_runtime(manifest)}

## How good it is

Each figure below is of documents that the model at hand had not seen{_exported(manifest)}. The final model has seen
them all and was not tested; `loss.svg` shows its tuning.

{metrics_tables(manifest.metrics)}
## What it can do

- Reports, plans and summaries of counties, cities and departments, 2010 to 2025, simplified or traditional, also with
  characters that a conversion destroyed.
- Several themes in one paragraph, and none: economy, livelihood and construction carry no theme.
- `band` says which paragraphs a person should look at.

## What it cannot do

- Other genres: judgments, laws, news. It tags them all the same; `fazhi tag` warns.
- Say that a report does *not* treat a theme: it may have missed it. Themes and sections with little support above are
  the weakest.
- Judge whether what a report says is true.

## What it learned from

{told_of_the_data()}
Licence: {manifest.licence}; see NOTICE.
"""


def told_of_the_data() -> str:
    """Say who answered; a bundle does not know whose examples it was given."""
    return """\
fazhi's own examples (seeds/) are five real reports, and documents, headings and sentences written for this project.
Their answers were given by language models that read every paragraph, heading and sentence (seeds/README.md), so
agreement with them is agreement with such readers; the writers were language models too. Who trains on other examples
says here who answered them."""


def _runtime(manifest: Manifest) -> str:
    """Say what it runs on."""
    if not manifest.export:
        return "`fazhi tag --bundle DIR` uses it; it needs the extra `train` (torch, transformers)."
    source, numbers = manifest.export["source"], manifest.export["numbers"]
    return f"An export of `{source}` for the CPU (CTranslate2, {numbers}); needs no torch."


def _exported(manifest: Manifest) -> str:
    """Say whose figures an export carries, and what it changed."""
    gate = manifest.export
    if "changed" not in gate:
        return ""
    unseen = gate.get("unseen")
    elsewhere = f" ({unseen['changed']} of {unseen['open']} on other texts)" if unseen else ""
    return (
        f", measured in full precision before the export; on {gate['paragraphs']} paragraphs the export changed "
        f"{gate['changed']} of {gate['open']} theme decisions with a probability between 0.05 and 0.95{elsewhere}, and "
        f"no theme lost more than {gate['largest_loss']:.4f} F1"
    )


def encoder_notice(manifest: Manifest) -> str:
    """Return NOTICE of a bundle."""
    return f"""{manifest.name}, a part of fazhi, licensed under the Apache License 2.0.
Tuned from {manifest.base}, licence: {manifest.base_licence}.
Of the examples in fazhi's seeds/, annotations, written documents, headings and sentences are fazhi's own; the five seed
reports are public documents of their authors.
"""
