"""A replay may die after any of its commits: the same replay again, or any later run, brings the lake to the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from conf.settings import Settings
from jobs.lake.tables import Lake
from jobs.pipeline.backfill import backfill
from jobs.pipeline.replay import replay
from jobs.pipeline.run import STAGES, run
from jobs.pipeline.run_log import ChangeReason
from schemas.ops.tables import INGESTED_FILE, REINGEST
from tests.lakes import Silent, digests
from tests.small_shop import deploy

SECOND, THIRD = date(2026, 3, 2), date(2026, 3, 3)
WHY = ChangeReason("the mapping was wrong", "ana")
WANTED = {"app": {THIRD}, "shop": {THIRD}}
POINTS = ("ops.reingest", "clean.events", "clean.orders", "ops.ingest_balance", "clean.members")
"""Tables after whose first commit the machine goes down; rows of each source are taken out first, and then written."""


class Down(RuntimeError):
    """The machine went down."""


@pytest.fixture(scope="module")
def settings(spark: SparkSession, folder: Path) -> Settings:
    deployed = deploy(folder)
    run(deployed, STAGES, None, None, Silent())
    return deployed


@pytest.fixture(scope="module")
def expected(settings: Settings) -> dict[str, str]:
    return digests(Lake(settings.lake))


def die_after(patch: pytest.MonkeyPatch, table_name: str) -> None:
    """The first commit to the table is the last of all."""
    is_down = []

    def dying(commit: Callable[..., object]) -> Callable[..., object]:
        def committed(lake: Lake, table: object, *arguments: object, **options: object) -> object:
            result = commit(lake, table, *arguments, **options)
            if is_down or getattr(table, "name", None) == table_name:
                is_down.append(True)
                raise Down(table_name)
            return result

        return committed

    for name in ("_commit", "_save", "merge"):
        patch.setattr(Lake, name, dying(getattr(Lake, name)))


def test_a_replay_that_dies_after_one_commit_and_its_repetitions_after_others_are_finished_by_a_run_of_any_day(
    settings: Settings, expected: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(settings.lake)
    for table_name in POINTS:
        with monkeypatch.context() as patch:
            die_after(patch, table_name)
            with pytest.raises(Down, match=table_name):
                replay(settings, WANTED, WHY, Silent())
        assert lake.read_rows(REINGEST).num_rows > 0, f"forgotten after {table_name}"
    run(settings, STAGES, THIRD, THIRD, Silent())
    assert digests(lake) == expected
    assert lake.read_rows(REINGEST).num_rows == 0
    files = lake.read_rows(INGESTED_FILE).select(["input", "file"]).to_pylist()
    assert len(files) == len({tuple(row.values()) for row in files}) == 14


def test_a_replay_that_died_half_way_is_finished_by_a_backfill(
    settings: Settings, expected: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        die_after(patch, "clean.events")
        with pytest.raises(Down):
            replay(settings, {"app": {SECOND}}, WHY, Silent())
    backfill(settings, (SECOND, SECOND), WHY, Silent())
    lake = Lake(settings.lake)
    assert digests(lake) == expected
    assert lake.read_rows(REINGEST).num_rows == 0


def test_the_command_is_killed_in_its_ingestion_and_finishes_what_it_left_when_it_is_given_again(
    settings: Settings, folder: Path, expected: dict[str, str]
) -> None:
    lake = Lake(settings.lake)
    command = [
        sys.executable, "-m", "jobs.cli.main", "--conf", str(folder / "conf"), "--lake", settings.lake,
        "replay", "--from", str(THIRD), "--to", str(THIRD), "--reason", "a test", "--by", "ana",
    ]  # fmt: skip
    before = lake.version(INGESTED_FILE)
    first = subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    while lake.version(INGESTED_FILE) == before:
        assert first.poll() is None, first.communicate()[0]
        time.sleep(0.1)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert digests(lake) == expected
    assert lake.read_rows(REINGEST).num_rows == 0
