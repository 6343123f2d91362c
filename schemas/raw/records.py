"""The form of every raw table: records as received, each with its place in its file."""

from __future__ import annotations

from schemas.columns import COLUMNS
from schemas.contract import Table, pick


def raw_table(input_name: str) -> Table:
    """Contract of the raw table of an input named `mapping.input`."""
    return Table(
        name=f"raw.{input_name.replace('.', '_')}",
        grain="One row per record of a landed file, in the file's order.",
        key=("file", "position"),
        columns=pick(
            COLUMNS, "input file position landing_date raw_text? raw_bytes? fields? problem? content_hash"
        ),
        owner="data-platform",
        day="landing_date",
        partitioned=True,
    )
