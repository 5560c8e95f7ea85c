"""The label scheme and everything that carries labels: schemes, tags, examples.

    scheme = load_scheme();  scheme.theme_ids  ->  ("leadership", "streamlining", …)

Reads `labels.toml`, examples.jsonl and oof.jsonl; writes the last two. Decides no label: scores and thresholds live in
`scorers` and `tagger`, people answer in `annotation`.
"""

from fazhi.model.labels.answer_columns import ANSWER_COLUMNS, AnswerColumns
from fazhi.model.labels.examples import (
    Example,
    check_example,
    example_of,
    line_of,
    read_examples,
    trainable,
    uid_of,
    write_examples,
)
from fazhi.model.labels.flags import theme_flags
from fazhi.model.labels.left_out import LeftOut, read_left_out, write_left_out
from fazhi.model.labels.scheme import HEADING, Scheme, Section, Theme, load_scheme, scheme_source
from fazhi.model.labels.suggestions import NOTE, SECTION, TEXT, THEMES, Said, suggestion

__all__ = [
    "ANSWER_COLUMNS",
    "HEADING",
    "NOTE",
    "SECTION",
    "TEXT",
    "THEMES",
    "AnswerColumns",
    "Example",
    "LeftOut",
    "Said",
    "Scheme",
    "Section",
    "Theme",
    "check_example",
    "example_of",
    "line_of",
    "load_scheme",
    "read_examples",
    "read_left_out",
    "scheme_source",
    "suggestion",
    "theme_flags",
    "trainable",
    "uid_of",
    "write_examples",
    "write_left_out",
]
