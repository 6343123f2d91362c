"""The edge of the lake: what Spark reads of a table is what a version of it holds."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from conf.errors import ContractError
from jobs.lake.tables import Lake
from jobs.lake.upkeep import tidy
from jobs.spark.local_relation import frame_of
from schemas.clean.activity import EVENTS
from schemas.facts.scope_day import SCOPE_DAY
from tests.properties.frames import frame

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


def test_no_row_is_written_where_a_column_that_is_never_null_has_no_value(
    spark: SparkSession, lake: Lake
) -> None:
    lake.append(SCOPE_DAY, frame_of(spark, [tuple(row(FIRST, 1).values())], SCOPE_DAY.ddl))
    nobody = lake.read(SCOPE_DAY).withColumn("scope_id", F.lit(None))
    with pytest.raises(ContractError, match=r"facts\.scope_day\.scope_id: is never NULL .* 1 rows"):
        lake.append(SCOPE_DAY, nobody)
    assert [found.asDict() for found in lake.read(SCOPE_DAY).collect()] == [row(FIRST, 1)]
    assert sorted(path.suffix for path in Path(lake.path(SCOPE_DAY)).iterdir()) == ["", ".parquet"]


def test_days_of_a_table_in_partitions_are_replaced_and_no_others(spark: SparkSession, lake: Lake) -> None:
    def of(*days: date) -> DataFrame:
        return frame(spark, EVENTS, [{"event_id": f"e{day.day}", "event_date": day} for day in days])

    lake.append(EVENTS, of(FIRST, SECOND))
    lake.replace_days(EVENTS, of(SECOND).withColumn("event_id", F.lit("new")), SECOND, SECOND)
    assert [
        tuple(found)
        for found in lake.read(EVENTS).select("event_date", "event_id").orderBy("event_id").collect()
    ] == [
        (FIRST, "e1"),
        (SECOND, "new"),
    ]
    assert lake.count_rows(EVENTS) == 2
    assert spark.read.format("delta").load(lake.path(EVENTS)).count() == 2
    lake.replace_days(EVENTS, of(), SECOND, SECOND)
    assert lake.read(EVENTS).select("event_id").collect() == [("e1",)]


def test_files_of_a_writer_that_died_belong_to_no_version_and_upkeep_removes_them(lake: Lake) -> None:
    lake.append_rows(SCOPE_DAY, [row(FIRST, 1)])
    left = Path(lake.path(SCOPE_DAY)) / "incoming-dead" / "part.parquet"
    left.parent.mkdir()
    left.write_bytes(b"half a file")
    os.utime(left, (0, 0))
    assert [found.asDict() for found in lake.read(SCOPE_DAY).collect()] == [row(FIRST, 1)]
    tidy(lake, SCOPE_DAY, timedelta(hours=1))
    assert not left.exists()
    assert [found.asDict() for found in lake.read(SCOPE_DAY).collect()] == [row(FIRST, 1)]


def test_rows_that_the_driver_knows_need_no_worker(spark: SparkSession) -> None:
    frame = frame_of(spark, [(FIRST, "a"), (None, "b")], "day date, name string")
    assert [tuple(found) for found in frame.collect()] == [(FIRST, "a"), (None, "b")]
    assert frame_of(spark, [], "day date, name string").columns == ["day", "name"]
    plan = frame._jdf.queryExecution().executedPlan().toString()
    assert plan.startswith("LocalTableScan")
