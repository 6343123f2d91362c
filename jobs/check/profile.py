"""Profiles of clean and fact tables: what the gates need to know of rows that are too many to be looked at again.

The compute stage makes them with Spark, in two jobs over the very rows that the reports were made from: one
aggregate per table, and the keys that stand on more than one row. The check stage judges the figures without a JVM.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING, Any

import pandas as pd

from expectations.profile import is_never_negative
from jobs.lake import Lake
from schemas.catalog import CLEAN, FACTS
from schemas.contract import Column, Table
from schemas.ops.tables import PROFILE

if TYPE_CHECKING:
    from pyspark.sql import Column as SparkColumn
    from pyspark.sql import DataFrame

Figures = dict[str, Any]
_NUMBERS: dict[str, Callable[[str], Any]] = {"int": int, "bigint": int, "double": float, "decimal": Decimal}
_TIMES = ("date", "timestamp")
_FIGURES = ("null_count", "outside_count", "distinct_count")


def profile_lake(lake: Lake, days: tuple[date, date], run_id: str) -> None:
    """Replace ops.profile by the figures of the days, of every clean and fact table that exists."""
    tables = [table for table in (*CLEAN, *FACTS) if lake.exists(table)]
    versions = {table.name: lake.version(table) for table in tables}
    found = profile({table: of_days(lake.read(table), table, days) for table in tables})
    stamped = [row | {"run_id": run_id, "table_version": versions[row["table_name"]]} for row in found]
    lake.replace_rows(PROFILE, stamped, None)


def of_days(frame: DataFrame, table: Table, days: tuple[date, date]) -> DataFrame:
    """Rows of the days, and rows that have none yet; every row of a table without days."""
    from pyspark.sql import functions as F

    if table.day is None:
        return frame
    day = F.col(table.day)
    return frame.where(day.between(*days) | day.isNull())


def profile(frames: dict[Table, DataFrame]) -> list[Figures]:
    """Rows of ops.profile without run and version: per table, day and column, and for all days together."""
    figures = _union(_figures_per_day(frame, table) for table, frame in frames.items()).collect()
    repeats = _union(_repeats_per_day(frame, table) for table, frame in frames.items()).collect()
    rows = []
    for table in frames:
        repeated = {row["profile_date"]: row["repeats"] for row in repeats if row["table_name"] == table.name}
        own = [row.asDict(recursive=True) for row in figures if row["table_name"] == table.name]
        days = [row | {"key_duplicates": repeated.get(row["profile_date"], 0)} for row in own]
        rows += _long(table, None, days)
        for day in days:
            rows += _long(table, day["profile_date"], [day]) if day["profile_date"] is not None else []
    return rows


def _union(frames: Iterable[DataFrame]) -> DataFrame:
    return reduce(lambda one, other: one.unionByName(other), frames)


def _day(table: Table) -> SparkColumn:
    from pyspark.sql import functions as F

    return (F.col(table.day) if table.day else F.lit(None).cast("date")).alias("profile_date")


def _figures_per_day(frame: DataFrame, table: Table) -> DataFrame:
    """table_name, profile_date, row_count, and a struct of figures per column; plain sums, so that it stays cheap."""
    from pyspark.sql import functions as F

    grouped = frame.groupBy(_day(table)).agg(
        F.count("*").alias("row_count"),
        F.array(*(_figures(table, column) for column in table.columns)).alias("columns"),
    )
    return grouped.select(F.lit(table.name).alias("table_name"), "profile_date", "row_count", "columns")


def _repeats_per_day(frame: DataFrame, table: Table) -> DataFrame:
    """table_name, profile_date and the rows beyond the first of each key, on the key's first day."""
    from pyspark.sql import functions as F

    counted = frame.groupBy(*table.key).agg(F.count("*").alias("n"), F.min(_day(table)).alias("profile_date"))
    repeated = counted.where("n > 1").groupBy("profile_date").agg(F.sum(F.col("n") - 1).alias("repeats"))
    return repeated.select(F.lit(table.name).alias("table_name"), "profile_date", "repeats")


def _figures(table: Table, column: Column) -> SparkColumn:
    """What ops.profile says of a column, as one struct; `seen` has a bit per value of a closed list."""
    from pyspark.sql import functions as F

    value, nothing = F.col(column.name), F.lit(None)
    seen = nothing
    for place, allowed in enumerate(_closed_list(column)):
        seen = F.when(value == F.lit(allowed), F.lit(1 << place)).otherwise(seen)
    is_ordered = _kind(column) in (*_NUMBERS, *_TIMES) and not column.personal
    return F.struct(
        F.lit(column.name).alias("column_name"),
        F.count_if(value.isNull()).alias("null_count"),
        F.count_if(_is_outside(table, column)).alias("outside_count"),
        (F.bit_or(seen) if _closed_list(column) else nothing).cast("bigint").alias("seen"),
        (F.min(value) if is_ordered else nothing).cast("string").alias("min_value"),
        (F.max(value) if is_ordered else nothing).cast("string").alias("max_value"),
        (F.sum(value) if _is_summed(table, column) else nothing).cast("decimal(38,4)").alias("sum_value"),
    )


def _is_outside(table: Table, column: Column) -> SparkColumn:
    from pyspark.sql import functions as F

    if column.allowed:
        return ~F.col(column.name).isin(*column.allowed)
    return F.col(column.name) < 0 if is_never_negative(table, column) else F.lit(False)


def _is_summed(table: Table, column: Column) -> bool:
    return _kind(column) == "decimal" or column.name in table.metric_columns


def _closed_list(column: Column) -> tuple[str, ...] | tuple[bool, ...]:
    return (True, False) if column.type == "boolean" else column.allowed


def _kind(column: Column) -> str:
    return column.type.split("(")[0]


def _long(table: Table, day: date | None, days: list[Figures]) -> list[Figures]:
    """One row per column from the figures of one day or of several."""
    totals = {name: sum(row[name] for row in days) for name in ("row_count", "key_duplicates")}
    same = {"table_name": table.name, "profile_date": day, **totals}
    return [
        same | {"column_name": column.name, **_together(column, [row["columns"][place] for row in days])}
        for place, column in enumerate(table.columns)
    ]


def _together(column: Column, parts: list[Figures]) -> Figures:
    def known(name: str) -> list[Any]:
        return [part[name] for part in parts if part[name] is not None]

    value_of = _NUMBERS.get(_kind(column), str)
    bits = reduce(lambda one, other: one | other, known("seen"), 0)
    return {
        "null_count": sum(part["null_count"] for part in parts),
        "outside_count": sum(part["outside_count"] for part in parts),
        "distinct_count": bits.bit_count() if _closed_list(column) else None,
        "min_value": min(known("min_value"), key=value_of, default=None),
        "max_value": max(known("max_value"), key=value_of, default=None),
        "sum_value": sum(known("sum_value")) if known("sum_value") else None,
    }


def profiles(lake: Lake, run_id: str) -> dict[str, pd.DataFrame]:
    """Rows of ops.profile of a run by table; nothing where the run left none."""
    rows = lake.read_rows(PROFILE).to_pandas()
    return {str(name): own for name, own in rows[rows["run_id"] == run_id].groupby("table_name")}


def wide(rows: pd.DataFrame) -> pd.DataFrame:
    """A table's profile as the frame that its suite judges: one row per day, and one for all days together.

    Columns: profile_date, row_count, key_duplicates, and `<column>.<figure>` for each figure of each column.
    """
    found: dict[Any, Figures] = {}
    for row in rows.to_dict("records"):
        day = None if pd.isna(row["profile_date"]) else row["profile_date"]
        one = found.setdefault(
            day, {name: row[name] for name in ("profile_date", "row_count", "key_duplicates")}
        )
        one |= {f"{row['column_name']}.{figure}": row[figure] for figure in _FIGURES}
    return pd.DataFrame(list(found.values()))
