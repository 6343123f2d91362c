"""A real scheduler: a day, a crash in the middle of it, a backfill; the tables are those of the command line."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.dev.airflow.components import ROOT, Airflow
from tests.dags.components import started
from tests.dags.rest import Rest

pytestmark = pytest.mark.airflow
DAY, RANGE = "2026-03-07", ("2026-03-03", "2026-03-05")
LONG = 900
"""Seconds in which what runs real commands must be done, also on a busy machine."""
SETTINGS = "schedule: {deadline_minutes: 1, retry_delay_seconds: 1}\n"
DIGESTS = """
import json, sys
from jobs.lake.tables import Lake
from schemas.catalog import FACTS
from tests.lakes import DIGESTED, digests
print(json.dumps(digests(Lake(sys.argv[1]), (*DIGESTED, *FACTS))))
"""
FORGET_A_DAY = """
import sys
from datetime import date
import pyarrow.compute as pc
from jobs.lake.tables import Lake
from schemas.reports.activity import ACTIVITY_DAILY
lake = Lake(sys.argv[1])
rows = lake.read_rows(ACTIVITY_DAILY)
is_kept = pc.not_equal(rows["activity_date"], date.fromisoformat(sys.argv[2]))
lake.replace_rows(ACTIVITY_DAILY, rows.filter(is_kept), None)
"""


class Shop:
    """A lake that the DAG has brought to its first six days, and the command line on it."""

    def __init__(self, program: Path, landing: Path, lake: Path, folder: Path) -> None:
        self.program = program
        self.lake = lake
        (folder / "conf").mkdir()
        (folder / "conf" / "settings.yml").write_text(SETTINGS)
        self.variables = {
            "ACTIVELAKE_BIN": str(program),
            "ACTIVELAKE_CONF": str(folder / "conf"),
            "ACTIVELAKE_LAKE": str(lake),
            "ACTIVELAKE_LANDING": str(landing),
            "ACTIVELAKE_SPARK_DRIVER_MEMORY": "1g",
        }

    def run(self, *arguments: str, lake: Path | None = None) -> str:
        """Standard output of a command."""
        variables = os.environ | self.variables | ({"ACTIVELAKE_LAKE": str(lake)} if lake else {})
        return subprocess.run(
            [self.program, *arguments], env=variables, stdout=subprocess.PIPE, text=True, check=True
        ).stdout


def in_sparks_environment(text: str, *arguments: str) -> str:
    """Standard output of a Python text that needs the packages of Spark's environment."""
    command = [str(ROOT / ".venv" / "bin" / "python"), "-c", text, *arguments]
    variables = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=variables, stdout=subprocess.PIPE, text=True, check=True).stdout


def digests(lake: Path) -> dict[str, str]:
    """Digests of the clean, fact and report tables."""
    return dict(json.loads(in_sparks_environment(DIGESTS, str(lake))))


@pytest.fixture(scope="module")
def shop(checkout: Path, landing: Path, first_days: Path, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop(checkout, landing, first_days, tmp_path_factory.mktemp("deployment"))


@pytest.fixture(scope="module")
def expected(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Digests after the command line has brought a new lake to the same day in one run, and done the same backfill."""
    lake = tmp_path_factory.mktemp("reference") / "lake"
    shop.run("run", "--to", DAY, lake=lake)
    days = ("--from", RANGE[0], "--to", RANGE[1])
    shop.run("backfill", *days, "--reason", "late files", "--by", "cli", lake=lake)
    return digests(lake)


@pytest.fixture(scope="module")
def airflow(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Airflow]:
    with started(tmp_path_factory.mktemp("home"), shop.variables) as running:
        yield running


def test_a_day_a_crash_and_a_backfill_end_in_the_tables_of_the_command_line(
    expected: dict[str, str], shop: Shop, airflow: Airflow
) -> None:
    rest = Rest(airflow)
    day = rest.trigger_day(DAY)
    rest.wait_for_task(day, "compute", "running", LONG)
    time.sleep(5)
    airflow.kill("scheduler")
    airflow.start("scheduler")
    assert rest.wait_for_end(day, LONG) == "success"
    assert rest.get(f"{day}/taskInstances/compute")["try_number"] == 2
    assert digests(shop.lake) == expected

    in_sparks_environment(FORGET_A_DAY, str(shop.lake), RANGE[1])
    actual = digests(shop.lake)
    assert [name for name in expected if actual[name] != expected[name]] == ["reports.activity_daily"]
    backfill = rest.trigger(
        "activelake_backfill",
        conf={"date_from": RANGE[0], "date_to": RANGE[1], "reason": "late files", "by": "cli"},
    )
    rest.unpause("activelake_backfill")
    rest.wait_for_task(backfill, "approve", "awaiting_input", LONG)
    assert rest.states(backfill)["backfill"] is None
    rest.answer(backfill, "approve", "Approve")
    assert rest.wait_for_end(backfill, LONG) == "success"

    assert digests(shop.lake) == expected
    status = {table["table_name"]: table for table in json.loads(shop.run("status", "--json"))["tables"]}
    events = rest.get("assets/events?limit=100&order_by=-timestamp")["asset_events"]
    newest = {event["name"]: event for event in reversed(events)}
    assert newest.keys() == status.keys()
    for name, table in status.items():
        told = newest[name]["extra"]
        assert newest[name]["uri"] == f"{shop.lake.as_uri()}/{name.replace('.', '/')}"
        assert (told["date"], told["rows"], told["delta_version"], told["digest"]) == (
            RANGE[1], table["row_count"], table["table_version"], table["digest"],
        )  # fmt: skip
    late = json.loads(shop.run("sql", "select scheduled_run from ops.alert", "--format", "json"))
    assert any(row["scheduled_run"].startswith("activelake_daily/") for row in late)
