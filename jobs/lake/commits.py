"""Commits through deltalake, and the one error for a commit that lost a race against another writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, TypeAlias

import pyarrow as pa
from deltalake import CommitProperties, WriterProperties, write_deltalake
from deltalake.exceptions import CommitFailedError

from conf.errors import Conflict
from jobs.calendar.dates import DateRange
from schemas.contract import Table

Mode: TypeAlias = Literal["append", "overwrite"]


def partition_filters(table: Table, days: DateRange) -> list[tuple[str, str, str]]:
    """The partitions of a range of days, in the form of deltalake's partition filters."""
    day = str(table.day)
    return [(day, ">=", days[0].isoformat()), (day, "<=", days[1].isoformat())]


def day_predicate(table: Table, days: DateRange) -> str:
    """The SQL condition that selects the rows of a range of days."""
    first, last = (day.isoformat() for day in days)
    return f"{table.day} >= '{first}' AND {table.day} <= '{last}'"


@contextmanager
def conflict_on_concurrent_commit(table: Table) -> Iterator[None]:
    """Turn the errors that deltalake and Delta on Spark raise when another commit came first into a Conflict.

    Every class of `delta.exceptions` is an error of that kind.

    Raises:
        Conflict: another writer has committed to the table.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, CommitFailedError) or type(error).__module__.startswith("delta.exceptions"):
            raise Conflict(f"{table.name}: another writer committed at the same time ({error})") from error
        raise


def commit_rows(
    path: str, table: Table, rows: pa.Table | pa.RecordBatchReader, mode: Mode, days: DateRange | None
) -> None:
    """Write rows in one commit; `overwrite` replaces the rows of the days, or all rows where `days` is None."""
    options: dict[str, Any] = {
        "commit_properties": CommitProperties(max_commit_retries=3),
        "writer_properties": WriterProperties(compression="ZSTD"),
    }
    with conflict_on_concurrent_commit(table):
        if mode == "append":
            write_deltalake(path, rows, mode="append", **options)
        else:
            predicate = day_predicate(table, days) if days is not None else None
            write_deltalake(path, rows, mode="overwrite", predicate=predicate, **options)
