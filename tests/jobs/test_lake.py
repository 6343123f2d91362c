"""The edge of the lake: what Spark reads of a table is what a version of it holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from jobs.frames import frame_of
from jobs.lake import Lake
from schemas.facts.activity import SCOPE_DAY

FIRST, SECOND = date(2026, 3, 1), date(2026, 3, 2)


def row(day: date, exposures: int) -> dict[str, Any]:
    return {
        "event_date": day, "scope_type": "scene", "scope_id": "首页", "group_type": "all", "group_id": "all",
        "exposures": exposures, "anonymous_events": 0, "excluded_events": 0,
    }  # fmt: skip


def test_a_table_that_was_never_written_is_an_empty_frame_of_its_contract(lake: Lake) -> None:
    frame = lake.read(SCOPE_DAY)
    assert (frame.collect(), frame.columns) == ([], list(SCOPE_DAY.names))


def test_a_version_is_read_as_it_was_also_below_a_folder_of_any_name(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(str(tmp_path / "数据 湖 é"), spark)
    before = lake.append_rows(SCOPE_DAY, [row(FIRST, 1)])
    lake.append(SCOPE_DAY, frame_of(spark, [tuple(row(SECOND, 2).values())], SCOPE_DAY.ddl))
    lake.replace_days(
        SCOPE_DAY, frame_of(spark, [tuple(row(FIRST, 3).values())], SCOPE_DAY.ddl), FIRST, FIRST
    )
    assert [found.asDict() for found in lake.read(SCOPE_DAY).orderBy("event_date").collect()] == [
        row(FIRST, 3),
        row(SECOND, 2),
    ]
    assert [found.asDict() for found in lake.read(SCOPE_DAY, before).collect()] == [row(FIRST, 1)]


def test_rows_that_the_driver_knows_need_no_worker(spark: SparkSession) -> None:
    frame = frame_of(spark, [(FIRST, "a"), (None, "b")], "day date, name string")
    assert [tuple(found) for found in frame.collect()] == [(FIRST, "a"), (None, "b")]
    assert frame_of(spark, [], "day date, name string").columns == ["day", "name"]
    plan = frame._jdf.queryExecution().executedPlan().toString()
    assert plan.startswith("LocalTableScan")
