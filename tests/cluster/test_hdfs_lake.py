"""Tables and the lock of a lake on HDFS."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql.functions import udf

from conf.errors import Conflict, Locked
from jobs.lake.lock import hold
from jobs.lake.tables import Lake
from jobs.lake.upkeep import tidy
from schemas.reports.freshness import FRESHNESS
from tests.cluster.hadoop import MiniHadoop

pytestmark = pytest.mark.cluster


def fresh(name: str, version: int) -> dict[str, Any]:
    return {
        "table_name": name, "last_arrival_date": date(2026, 3, 1), "closed_through": None, "published_version": version,
    }  # fmt: skip


@pytest.fixture
def lake(hadoop: MiniHadoop, spark: SparkSession, request: pytest.FixtureRequest) -> Lake:
    return Lake(f"{hadoop.uri}/{request.node.originalname}", spark)


@pytest.fixture(params=["deltalake", "spark"])
def either(hadoop: MiniHadoop, spark: SparkSession, request: pytest.FixtureRequest) -> Lake:
    """A lake on an HDFS that deltalake can open, and one that is reached in a way of which only Hadoop knows."""
    root = hadoop.uri if request.param == "deltalake" else hadoop.web_uri
    return Lake(f"{root}/{request.node.originalname}_{request.param}", spark)


def test_a_table_that_was_never_written_has_no_version_and_no_rows(either: Lake) -> None:
    lake = either
    assert (lake.version(FRESHNESS), lake.exists(FRESHNESS)) == (None, False)
    assert lake.read_rows(FRESHNESS).num_rows == 0


def test_each_write_is_a_version_that_can_be_read_again(either: Lake) -> None:
    lake = either
    first = lake.append_rows(FRESHNESS, [fresh("reports.a", 1)])
    second = lake.append_rows(FRESHNESS, [fresh("reports.b", 2)])
    third = lake.replace_rows(FRESHNESS, [fresh("reports.c", 3)], None)
    assert (second - first, third - second, lake.version(FRESHNESS)) == (1, 1, third)
    assert lake.read_rows(FRESHNESS).to_pylist() == [fresh("reports.c", 3)]
    kept = lake.read_rows(FRESHNESS, second).sort_by("table_name").to_pylist()
    assert kept == [fresh("reports.a", 1), fresh("reports.b", 2)]


def test_a_table_carries_the_meanings_of_its_contract_and_old_readers_can_read_it(either: Lake) -> None:
    lake = either
    lake.append_rows(FRESHNESS, [])
    fields = lake.spark.read.format("delta").load(lake.path(FRESHNESS)).schema.fields
    assert {f.name: f.metadata["comment"] for f in fields} == {c.name: c.meaning for c in FRESHNESS.columns}
    assert reader_version(lake) == 1


def reader_version(lake: Lake) -> int:
    described = lake.spark.sql(f"DESCRIBE DETAIL delta.`{lake.path(FRESHNESS)}`")
    return int(described.select("minReaderVersion").first()[0])


def test_of_rows_that_several_writers_add_at_the_same_time_none_is_lost(lake: Lake) -> None:
    lake.append_rows(FRESHNESS, [])

    def add(writer: int) -> None:
        own = Lake(lake.root)
        for number in range(5):
            own.append_rows(FRESHNESS, [fresh(f"reports.{writer}", number)])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(add, range(2)))
    assert len({tuple(row.items()) for row in lake.read_rows(FRESHNESS).to_pylist()}) == 10


def test_upkeep_merges_small_files_removes_the_old_ones_and_keeps_the_rows(lake: Lake) -> None:
    for number in range(3):
        lake.append_rows(FRESHNESS, [fresh("reports.a", number)])
    rows = lake.read_rows(FRESHNESS).sort_by("published_version")
    done = tidy(lake, FRESHNESS, timedelta(0))
    assert (done.merged, done.removed) == (3, 3)
    assert lake.read_rows(FRESHNESS).sort_by("published_version") == rows
    assert lake.read(FRESHNESS).count() == 3


def test_a_second_run_is_locked_out_and_let_in_when_the_first_has_ended(
    lake: Lake, hadoop: MiniHadoop
) -> None:
    with hold(lake):
        other = hadoop.other_client()
        with pytest.raises(Exception, match="AlreadyBeingCreatedException"):
            other.append(hadoop.path(f"{lake.root}/.lock"))
    other.append(hadoop.path(f"{lake.root}/.lock")).close()


def test_the_ingestion_of_one_source_waits_for_its_turn_and_says_so(lake: Lake, hadoop: MiniHadoop) -> None:
    held, said = hadoop.other_client().create(hadoop.path(f"{lake.root}/.lock")), []

    def release(text: str) -> None:
        said.append(text)
        held.close()

    with hold(lake, shared=True, report_progress=release):
        assert len(said) == 1 and said[0].startswith("waits: ")


def test_the_message_names_the_holder_and_a_dead_holder_is_put_out_when_its_lease_has_run_out(
    lake: Lake, hadoop: MiniHadoop
) -> None:
    path = f"{lake.root}/.lock"
    hadoop.other_client().create(hadoop.path(path))  # never closed, as by a process that was killed
    with pytest.raises(Locked, match=r"another run holds the lake.*127\.0\.0\.1"), hold(lake):
        pass
    hadoop.hdfs.setLeasePeriod(500, 60_000)
    try:
        time.sleep(1)
        with hold(lake):
            pass
    finally:
        hadoop.hdfs.setLeasePeriod(60_000, 1_200_000)


def test_a_lost_race_of_two_writers_is_a_conflict(either: Lake, tmp_path: Path) -> None:
    lake = either
    lake.append_rows(FRESHNESS, [fresh("reports.a", 1)])
    started, go_on = tmp_path / "started", tmp_path / "go_on"

    @udf("bigint")
    def after_the_other(value: int) -> int:
        started.touch()
        while not go_on.exists():
            time.sleep(0.05)
        return value

    slow = lake.read(FRESHNESS).withColumn("published_version", after_the_other("published_version"))
    with ThreadPoolExecutor(1) as pool:
        loser = pool.submit(lake.overwrite, FRESHNESS, slow)
        while not started.exists() and not loser.done():
            time.sleep(0.05)
        lake.replace_rows(FRESHNESS, [fresh("reports.b", 2)], None)
        go_on.touch()
        with pytest.raises(Conflict, match="reports.freshness: another writer committed at the same time"):
            loser.result()
    assert lake.read_rows(FRESHNESS).to_pylist() == [fresh("reports.b", 2)]
