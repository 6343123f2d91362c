"""The table that keeps every state of a record, derived from the contract of the table that shows the one that holds."""

from __future__ import annotations

from dataclasses import replace

from schemas.columns import COLUMNS
from schemas.contract import Table, pick

_ORIGIN = ("source", "file", "position")


def states_of(current: Table, name: str, record: str) -> Table:
    """One row per state of a record that a source has told in time, void ones included.

    Args:
        current: one row per record in the state that holds; all its values may be NULL in a void state.
        name: `layer.table` of the states.
        record: what a record is, in one word.
    """
    key = {*current.key, *_ORIGIN}
    values = tuple(
        column if column.name in key else replace(column, nullable=True) for column in current.columns
    )
    return Table(
        name=name,
        grain=f"One row per state of one {record} as a source has told it; the last by version and landing order holds.",
        key=_ORIGIN,
        columns=(*values, *pick(COLUMNS, "landing_date content_hash is_void nested_lines?")),
        owner=current.owner,
    )
