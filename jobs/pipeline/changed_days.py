"""Business days whose clean rows have changed since a publication, from the versions that it was computed from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from jobs.lake.changes import changed_partitions, compare_versions
from jobs.lake.tables import Lake
from schemas.catalog import FACTS, REPORTS, TABLES
from schemas.contract import Table
from schemas.kinds import KIND_OF_TABLE, KINDS
from schemas.kinds.declaration import Kind

_ORIGIN = frozenset({"source", "file", "position", "content_hash", "arrived_at", "arrival_date"})
"""Columns that say where a row comes from; no report counts them."""


def counted_tables() -> tuple[Table, ...]:
    """The clean tables of kinds of feeds from which facts and reports are made."""
    inputs = {name for table in (*FACTS, *REPORTS) for name in table.inputs}
    return tuple(TABLES[name] for name in KIND_OF_TABLE if name in inputs)


def changed_days(lake: Lake, input_versions: Mapping[str, int], reach_back: int) -> dict[str, set[date]]:
    """Days on which the rows of a clean table have changed, by table; tables without a change are left out.

    Args:
        input_versions: versions of the clean tables that the newest publication was computed from.
        reach_back: days before its first day for which a list holds.

    Raises:
        LookupError: the lake no longer tells what has changed since those versions.
    """
    days = {
        table.name: _changed_days(
            lake, table, KINDS[KIND_OF_TABLE[table.name]], input_versions.get(table.name), reach_back
        )
        for table in counted_tables()
    }
    return {name: of_table for name, of_table in days.items() if of_table}


def _changed_days(lake: Lake, table: Table, kind: Kind, since: int | None, reach_back: int) -> set[date]:
    now = lake.version(table)
    if now is None or now == since:
        return set()
    if table.partitioned and since is not None and not lake.is_hadoop_only:
        return changed_partitions(lake, table, since)
    if kind.has_lateness:
        return _days(lake, table, since, _changed_rows(table, kind))
    return _days(lake, table, since, _changed_keys(table, kind)) | _days(
        lake, table, since, _changed_flags(table, kind, reach_back)
    )


def _days(lake: Lake, table: Table, since: int | None, sql: str) -> set[date]:
    days = compare_versions(lake, table, since, sql)["day"].to_pylist()
    return {day for day in days if day is not None}


def _changed_rows(table: Table, kind: Kind) -> str:
    """The days of rows that only one of the two versions has."""
    counted = ", ".join(n for n in table.names if n not in _ORIGIN)
    before, now = (f"SELECT {counted} FROM {{{version}}}" for version in ("before", "now"))
    return f"""
        SELECT DISTINCT {kind.day} AS day
        FROM (({before} EXCEPT ALL {now}) UNION ALL ({now} EXCEPT ALL {before})) AS changed
    """


def _changed_keys(table: Table, kind: Kind) -> str:
    """The days of keys of a list that are new, gone, or of another day."""
    (grain,) = kind.grains
    before, now = (
        f"SELECT {grain.key}, min({kind.day}) AS day FROM {{{version}}} GROUP BY {grain.key}"
        for version in ("before", "now")
    )
    return f"SELECT DISTINCT day FROM (({before} EXCEPT {now}) UNION ALL ({now} EXCEPT {before})) AS changed"


def _changed_flags(table: Table, kind: Kind, reach_back: int) -> str:
    """The first days of intervals with a flag that began otherwise, and the days after those that ended otherwise."""
    (grain,) = kind.grains
    flags = [column.name for column in table.columns if column.type == "boolean" and not column.nullable]
    far = "DATE '9999-12-30'"
    of_interval = f"{grain.key}, valid_from, {', '.join(flags)}"
    before, now = (
        f"(SELECT {of_interval}, coalesce(valid_to, {far}) AS ends FROM {{{version}}} WHERE {' OR '.join(flags)})"
        for version in ("before", "now")
    )
    return f"""
        SELECT DISTINCT CASE
            WHEN b.ends IS NULL OR n.ends IS NULL THEN coalesce(b.valid_from, n.valid_from) - {int(reach_back)}
            ELSE least(b.ends, n.ends) + 1 - {int(reach_back)} END AS day
        FROM {before} b FULL JOIN {now} n
          ON b.{grain.key} = n.{grain.key} AND b.valid_from = n.valid_from
            AND {" AND ".join(f"b.{flag} = n.{flag}" for flag in flags)}
        WHERE b.ends IS DISTINCT FROM n.ends
    """
