"""What has changed in a table since one of its versions: told by its commits and rows, never by a clock."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
from deltalake import DeltaTable

from jobs.lake.queries import by_duckdb, by_spark
from jobs.lake.tables import Lake
from schemas.contract import Table

_KEEPS_ROWS = frozenset({"OPTIMIZE"})
"""Operations that write files anew without changing a row."""


def changed_partitions(lake: Lake, table: Table, since: int) -> set[date]:
    """Days of which files were added or removed after a version of a partitioned table; reads the Delta log only.

    Raises:
        LookupError: the log no longer tells of all commits since then.
    """
    path, now = lake.path(table), DeltaTable(lake.path(table))
    versions = range(since + 1, now.version() + 1)
    operations = {entry["version"]: entry["operation"] for entry in now.history(len(versions))}
    days: set[date] = set()
    before = _day_of_file(path, table, since)
    for version in versions:
        if version not in operations:
            raise LookupError(f"{table.name}: the log tells no more of version {version}")
        after = _day_of_file(path, table, version)
        if operations[version] not in _KEEPS_ROWS:
            days |= {day for _, day in before.items() ^ after.items()}
        before = after
    return days


def _day_of_file(path: str, table: Table, version: int) -> dict[str, date]:
    """Path of each file of a version → its partition's day."""
    actions = pa.table(DeltaTable(path, version=version).get_add_actions(flatten=True))
    days = actions[f"partition.{table.day}"].cast(pa.date32())
    return dict(zip(actions["path"].to_pylist(), days.to_pylist(), strict=True))


def compare_versions(lake: Lake, table: Table, since: int | None, sql: str) -> pa.Table:
    """The result of a query over a small table at a version, as `{before}`, and as it is, as `{now}`.

    Args:
        since: None stands for the table without rows.

    Raises:
        LookupError: files of the version have been removed.
    """
    if lake.is_hadoop_only:
        now = lake.read(table)
        return by_spark(sql, before=now.limit(0) if since is None else lake.read(table, since), now=now)
    rows = lake.read_rows(table)
    try:
        before = rows.slice(0, 0) if since is None else lake.read_rows(table, since)
    except (FileNotFoundError, OSError) as error:
        raise LookupError(f"{table.name}: files of version {since} have been removed") from error
    return by_duckdb(sql, before=before, now=rows)
