"""Profiles of clean and fact tables: what the gates need to know of rows that are too many to be looked at again.

The compute stage makes them of the rows that the reports were made from, by one query per table. The check stage
judges the figures without a JVM.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial, reduce
from typing import Any

import pandas as pd
import pyarrow as pa

from conf.settings import Settings
from expectations.profile import is_never_negative
from jobs.calendar.dates import DateRange
from jobs.lake.queries import query_table
from jobs.lake.tables import Lake
from schemas.catalog import CLEAN, FACTS
from schemas.contract import Column, Table
from schemas.kinds import FACT_TABLES
from schemas.ops.tables import PROFILE

Figures = dict[str, Any]
_ORDERED = ("int", "bigint", "double", "decimal", "date", "timestamp")
_FIGURES = ("null_count", "outside_count", "distinct_count")


def profile_lake(lake: Lake, settings: Settings, days: DateRange, run_id: str) -> None:
    """Replace ops.profile by the figures of the days, of every clean and fact table that exists."""
    rows = []
    for table in (*CLEAN, *FACTS):
        if lake.exists(table):
            stamps = {"run_id": run_id, "table_version": lake.version(table)}
            answer = partial(query_table, lake, table)
            rows += [row | stamps for row in profile(table, days, settings.duplicates_within_days, answer)]
    lake.replace_rows(PROFILE, rows, None)


def profile(
    table: Table, days: DateRange, within_days: int, answer: Callable[[str], pa.Table]
) -> list[Figures]:
    """Rows of ops.profile without run and version: per day and column, and for all days together.

    Args:
        days: rows of other days are left out; rows that have no day yet, and tables without days, are whole.
        within_days: landing days in which a key of a fact that comes again is a duplicate.
        answer: executes a query about the table.
    """
    days_of_table = answer(profile_query(table, days, within_days)).to_pylist()
    rows = _long(table, None, days_of_table)
    for one in days_of_table:
        rows += _long(table, one["profile_date"], [one]) if one["profile_date"] is not None else []
    return rows


def profile_query(table: Table, days: DateRange, within_days: int) -> str:
    """One row per day: row_count, key_duplicates, and the figures of each column as `<column>__<figure>`."""
    day, chosen = _day(table), _of_days(table, days)
    figures = ", ".join(figure for column in table.columns for figure in _figures(table, column))
    is_fact = table.name in FACT_TABLES
    repeated = _repeated_facts(table, days, within_days) if is_fact else _repeated_keys(table, days)
    return f"""
        WITH figures AS (
          SELECT {day} AS profile_date, count(*) AS row_count, {figures} FROM {{rows}} t {chosen} GROUP BY {day}
        ), repeated AS (
          {repeated}
        ), repeats AS (
          SELECT repeat_date, CAST(sum(n) AS BIGINT) AS n FROM repeated GROUP BY repeat_date
        )
        SELECT figures.*, coalesce(repeats.n, 0) AS key_duplicates
        FROM figures LEFT JOIN repeats ON figures.profile_date IS NOT DISTINCT FROM repeats.repeat_date
    """


def _day(table: Table) -> str:
    return f"t.{table.day}" if table.day else "CAST(NULL AS DATE)"


def _of_days(table: Table, days: DateRange) -> str:
    """The condition that leaves out rows of other days."""
    first, last = (f"DATE '{day.isoformat()}'" for day in days)
    return f"WHERE t.{table.day} BETWEEN {first} AND {last} OR t.{table.day} IS NULL" if table.day else ""


def _repeated_keys(table: Table, days: DateRange) -> str:
    """The rows beyond the first of each key, on the key's first day."""
    keys = ", ".join(f"t.{name}" for name in table.key)
    return f"""
        SELECT min({_day(table)}) AS repeat_date, count(*) - 1 AS n
        FROM {{rows}} t {_of_days(table, days)} GROUP BY {keys} HAVING count(*) > 1
    """


def _repeated_facts(table: Table, days: DateRange, within_days: int) -> str:
    """The rows of which the key landed shortly before, on the later day of both.

    Rows of earlier days are looked at too, as far as a repeat of them is a duplicate.
    """
    chosen = _of_days(table, (days[0] - timedelta(days=within_days), days[1]))
    keys = ", ".join(f"t.{name}" for name in table.key)
    is_same = " AND ".join(f"t.{name} = r.{name}" for name in table.key)
    return f"""
        SELECT greatest(fact_date, date_before) AS repeat_date, 1 AS n FROM (
          SELECT {_day(table)} AS fact_date, t.arrival_date,
            lag({_day(table)}) OVER (PARTITION BY {keys} ORDER BY t.arrival_date) AS date_before,
            lag(t.arrival_date) OVER (PARTITION BY {keys} ORDER BY t.arrival_date) AS arrival_before
          FROM {{rows}} t JOIN (SELECT {keys} FROM {{rows}} t {chosen} GROUP BY {keys} HAVING count(*) > 1) r
          ON {is_same} {chosen}
        ) WHERE arrival_date <= arrival_before + INTERVAL '{within_days}' DAY
    """


def _figures(table: Table, column: Column) -> list[str]:
    """What ops.profile says of a column; `seen` has a bit per value of a closed list."""
    value, closed = f"t.{column.name}", _closed_list(column)
    bits = " ".join(f"WHEN {_literal(one)} THEN {1 << bit}" for bit, one in enumerate(closed))
    is_ordered = _kind(column) in _ORDERED and not column.personal
    figures = {
        "null_count": f"count_if({value} IS NULL)",
        "outside_count": f"count_if({_is_outside(table, column)})",
        "seen": f"bit_or(CASE {value} {bits} END)" if closed else None,
        "min_value": f"min({value})" if is_ordered else None,
        "max_value": f"max({value})" if is_ordered else None,
        "sum_value": f"CAST(sum({value}) AS DECIMAL(38, 4))" if _is_summed(table, column) else None,
    }
    return [f"{text} AS {column.name}__{name}" for name, text in figures.items() if text is not None]


def _literal(value: str | bool) -> str:
    return str(value).upper() if isinstance(value, bool) else "'" + value.replace("'", "''") + "'"


def _is_outside(table: Table, column: Column) -> str:
    if column.allowed:
        return f"t.{column.name} NOT IN ({', '.join(_literal(one) for one in column.allowed)})"
    return f"t.{column.name} < 0" if is_never_negative(table, column) else "FALSE"


def _is_summed(table: Table, column: Column) -> bool:
    return _kind(column) == "decimal" or column.name in table.metric_columns


def _closed_list(column: Column) -> tuple[str | bool, ...]:
    return (True, False) if column.type == "boolean" else column.allowed


def _kind(column: Column) -> str:
    return column.type.split("(")[0]


def _long(table: Table, day: date | None, days: list[Figures]) -> list[Figures]:
    """One row per column from the figures of one day or of several."""
    totals = {name: sum(row[name] for row in days) for name in ("row_count", "key_duplicates")}
    same = {"table_name": table.name, "profile_date": day, **totals}
    return [same | {"column_name": column.name, **_together(column, days)} for column in table.columns]


def _together(column: Column, days: list[Figures]) -> Figures:
    def not_null(name: str) -> list[Any]:
        values = (row.get(f"{column.name}__{name}") for row in days)
        return [value for value in values if value is not None]

    bits = reduce(lambda one, other: one | other, not_null("seen"), 0)
    return {
        "null_count": sum(not_null("null_count")),
        "outside_count": sum(not_null("outside_count")),
        "distinct_count": bits.bit_count() if _closed_list(column) else None,
        "min_value": _text(min(not_null("min_value"), default=None)),
        "max_value": _text(max(not_null("max_value"), default=None)),
        "sum_value": sum(not_null("sum_value")) if not_null("sum_value") else None,
    }


def _text(value: Any) -> str | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
    return None if value is None else str(value)


def profiles(lake: Lake, run_id: str) -> dict[str, pd.DataFrame]:
    """Rows of ops.profile of a run by table; nothing where the run left none."""
    rows = lake.read_rows(PROFILE).to_pandas()
    return {str(name): of_table for name, of_table in rows[rows["run_id"] == run_id].groupby("table_name")}


def wide(rows: pd.DataFrame) -> pd.DataFrame:
    """A table's profile as the frame that its suite judges: one row per day, and one for all days together.

    Columns: profile_date, row_count, key_duplicates, and `<column>.<figure>` for each figure of each column.
    """
    by_day: dict[Any, Figures] = {}
    for row in rows.to_dict("records"):
        day = None if pd.isna(row["profile_date"]) else row["profile_date"]
        one = by_day.setdefault(
            day, {name: row[name] for name in ("profile_date", "row_count", "key_duplicates")}
        )
        one |= {f"{row['column_name']}.{figure}": row[figure] for figure in _FIGURES}
    return pd.DataFrame(list(by_day.values()))
