"""Sources are ingested one by one, also at the same time, and give what one ingestion of all of them gives."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from conf.errors import ConfigError, Locked
from jobs.lake.lock import guard, hold
from jobs.lake.tables import Lake
from jobs.pipeline.run import run
from schemas.ops.tables import INGEST_BALANCE, INGESTED_FILE, LAKE_FORMAT
from tests.lakes import Silent, digests
from tests.small_shop import deploy


@pytest.fixture(scope="module")
def both(spark: SparkSession, folder: Path) -> Lake:
    """The lake after one ingestion of both sources."""
    settings = deploy(folder, "both")
    run(settings, ("ingest",), None, None, Silent())
    return Lake(settings.lake)


def balance(lake: Lake) -> list[tuple[object, ...]]:
    rows = lake.read_rows(INGEST_BALANCE).drop_columns(["run_id"]).to_pylist()
    return sorted(tuple(row.values()) for row in rows)


def test_two_processes_side_by_side_fill_a_new_lake_as_one_does(folder: Path, both: Lake) -> None:
    settings = deploy(folder, "side_by_side")
    command = [sys.executable, "-m", "jobs.cli.main", "--conf", str(folder / "conf"), "--lake", settings.lake]
    beside = [
        subprocess.Popen([*command, "ingest", "--source", name], env=os.environ | {"PYTHONPATH": os.getcwd()})
        for name in ("app", "shop")
    ]
    assert [process.wait(timeout=240) for process in beside] == [0, 0]
    lake = Lake(settings.lake)
    assert digests(lake) == digests(both)
    assert balance(lake) == balance(both)
    assert lake.read_rows(LAKE_FORMAT).num_rows == 1


def test_only_the_files_of_the_source_are_taken_and_history_begins_where_all_of_them_begin(
    spark: SparkSession, folder: Path, both: Lake
) -> None:
    settings = deploy(folder, "one_by_one")
    run(settings, ("ingest",), None, None, Silent(), source="shop")
    lake = Lake(settings.lake)
    assert {name.split(".")[0] for name in lake.read_rows(INGESTED_FILE)["input"].to_pylist()} == {"shop"}
    run(settings, ("ingest",), None, None, Silent(), source="app")
    assert digests(lake) == digests(both)


def test_what_another_source_has_landed_and_not_ingested_is_no_reason_to_refuse(
    spark: SparkSession, folder: Path
) -> None:
    settings = deploy(folder, "in_part")
    lake = Lake(settings.lake)
    first, second = date(2026, 3, 1), date(2026, 3, 2)
    run(settings, ("ingest",), first, first, Silent(), source="app")
    run(settings, ("ingest",), second, second, Silent(), source="app")
    assert sorted(lake.read_rows(INGESTED_FILE)["file"].to_pylist()) == [
        "app/2026-03-01.csv", "app/2026-03-02.csv",
    ]  # fmt: skip


def test_an_unknown_source_is_refused_with_those_that_there_are(folder: Path) -> None:
    with pytest.raises(ConfigError, match="--source: 'till' is none of app, shop"):
        run(deploy(folder), ("ingest",), None, None, Silent(), source="till")


def test_a_lake_is_shared_by_those_who_share_it_and_closed_to_who_wants_it_alone(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    twice = rf"process {os.getpid()}, {os.getpid()}\)"
    with hold(lake, shared=True), hold(lake, shared=True), pytest.raises(Locked, match=twice), hold(lake):
        pass
    with hold(lake), pytest.raises(Locked, match=rf"\(process {os.getpid()}\)"), hold(lake, shared=True):
        pass


def test_what_another_one_guards_is_waited_for_and_said(tmp_path: Path) -> None:
    said: list[str] = []
    with guard(str(tmp_path), "activity"):
        (held,) = (tmp_path / ".guards").iterdir()

    def release(text: str) -> None:
        said.append(text)
        fcntl.flock(other, fcntl.LOCK_UN)

    with held.open() as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with guard(str(tmp_path), "activity", release):
            assert said == ["waits for another run that writes activity"]
