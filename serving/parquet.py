"""The Parquet result, for analysts: tagged reports in, one table out, a typed row a paragraph.

    with parquet_results(Path("all.parquet"), scheme.theme_ids, {"bundle": "fazhi-linear@0.1.0"}) as add:
        add(report)

The columns are the CSV's, under the same names, but lists stay lists and numbers numbers. What produced the table
stands in its metadata. Needs the extra `scale`; imported only when the format is asked for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from fazhi.model.tagger import TaggedParagraph, TaggedReport
from fazhi.model.writing import replacing_bytes
from fazhi.serving.outputs import columns, flat, record

ROWS = 5_000
"""Rows that are held before they are written as a group: enough to pack well, some 10 MB of text."""

_TEXTS = pa.list_(pa.string())
_TYPES = {
    "index": pa.int32(),
    "start": pa.int64(),
    "end": pa.int64(),
    "level": pa.int8(),
    "path": _TEXTS,
    "flags": _TEXTS,
    "themes": _TEXTS,
    "section_score": pa.float64(),
}


@contextmanager
def parquet_results(
    path: Path, theme_ids: Sequence[str], about: Mapping[str, str]
) -> Iterator[Callable[[TaggedReport], None]]:
    """Give a function that takes a report; the table is begun at the first and complete when the block ends well.

    Args:
        path: The table; an older one is replaced.
        theme_ids: In scheme order.
        about: Name and value of what produced it, kept as metadata under `fazhi.` and the name.

    Raises:
        InputError: The place cannot be written, or the disk is full.
    """
    schema = table_schema(theme_ids).with_metadata({f"fazhi.{name}": value for name, value in about.items()})
    with ExitStack() as stack:
        held: list[dict[str, Any]] = []
        writers: list[pq.ParquetWriter] = []

        def add(report: TaggedReport) -> None:
            if not writers:
                file = stack.enter_context(replacing_bytes(path))
                writers.append(stack.enter_context(pq.ParquetWriter(file, schema, compression="zstd")))
            held.extend(_row(report, tagged) for tagged in report.paragraphs)
            if len(held) >= ROWS:
                write_group()

        def write_group() -> None:
            writers[0].write_table(pa.Table.from_pylist(held, schema=schema))
            held.clear()

        yield add
        if held:
            write_group()


def table_schema(theme_ids: Sequence[str]) -> pa.Schema:
    """Return the columns with their types; every theme's score is a column of its own."""
    return pa.schema([(name, _type(name)) for name in columns(theme_ids)])


def _type(name: str) -> pa.DataType:
    return pa.float64() if name.startswith("score_") else _TYPES.get(name, pa.string())


def _row(report: TaggedReport, tagged: TaggedParagraph) -> dict[str, Any]:
    """Return a row; a file may have a name that is no UTF-8, its bytes are spelled out."""
    row = flat(record(report, tagged))
    return {**row, "document": row["document"].encode("utf-8", "backslashreplace").decode()}
