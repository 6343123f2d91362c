"""A real scheduler: a day that is not there yet, a crash in the middle of it, an approved backfill, a deadline."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conf.settings import SHIPPED
from jobs.dev.airflow.components import Airflow
from tests.dags.components import started
from tests.dags.rest import Rest

pytestmark = pytest.mark.airflow
DAY = "2026-03-07"
SETTINGS = "schedule: {deadline_minutes: 1, poll_seconds: 2, retry_delay_seconds: 1}\n"
SPARK = {"conn_type": "generic", "host": "local[2]", "extra": {"conf": {"spark.some.key": "a-secret-value"}}}
PROGRAM = """#!{python}
import json, os, sys, time
from pathlib import Path
folder, arguments = Path({folder!r}), sys.argv[1:]
with (folder / "calls").open("a") as calls:
    calls.write(json.dumps([arguments, {{k: v for k, v in os.environ.items() if "_SPARK_" in k}}]) + "\\n")
match arguments[0]:
    case "landed":
        sys.exit(0 if arguments[2] == "2026-03-07" and (folder / "landed").exists() else 3)
    case "compute" if not (folder / "fast").exists():
        time.sleep(600)
    case "status":
        table = dict(table_name="reports.activity_daily", row_count=5, table_version=2, digest="d")
        days = dict(date_from="2026-03-03", date_to="2026-03-07", closed_through="2026-03-04", last_arrival_date="2026-03-07")
        print(json.dumps(dict(tables=[table | days])))
    case "maintain":
        sys.exit(4)
    case "backfill" if "--dry-run" in arguments:
        print("3 days would be recomputed")
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deployment whose command line writes down its calls; `landed` and `fast` in the folder guide it."""
    path = tmp_path_factory.mktemp("deployment")
    (path / "settings.yml").write_text(SETTINGS)
    (path / "activelake").write_text(PROGRAM.format(python=sys.executable, folder=str(path)))
    (path / "activelake").chmod(0o755)
    return path


@pytest.fixture(scope="module")
def airflow(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Airflow]:
    variables = {
        "ACTIVELAKE_BIN": str(folder / "activelake"),
        "ACTIVELAKE_CONF": str(folder),
        "ACTIVELAKE_LAKE": str(folder / "lake"),
        "AIRFLOW_CONN_ACTIVELAKE_SPARK": json.dumps(SPARK),
    }
    with started(tmp_path_factory.mktemp("home"), variables) as running:
        yield running


def calls(folder: Path, command: str) -> list[list[str]]:
    lines = (folder / "calls").read_text().splitlines() if (folder / "calls").exists() else []
    return [arguments for arguments, _ in map(json.loads, lines) if arguments[0] == command]


def spark_variables(folder: Path) -> list[dict[str, str]]:
    """Of every call of a task; an alert needs no Spark."""
    lines = (folder / "calls").read_text().splitlines()
    return [variables for arguments, variables in map(json.loads, lines) if arguments[0] != "alert"]


def alerts(folder: Path, kind: str) -> list[list[str]]:
    return [call for call in calls(folder, "alert") if call[1] == kind]


def test_a_day_that_has_landed_late_survives_a_crash_in_the_middle_of_its_computation(
    folder: Path, airflow: Airflow
) -> None:
    rest = Rest(airflow)
    day = rest.trigger_day(DAY)
    rest.wait_for(
        lambda: rest.states(day).get("wait_until_landed") == "up_for_reschedule", 90, "waiting for the day"
    )
    rest.wait_for(lambda: alerts(folder, "deadline_missed"), 150, "the alert")
    (folder / "landed").touch()
    rest.wait_for(lambda: calls(folder, "compute"), 90, "the computation")
    airflow.kill("scheduler")
    (folder / "fast").touch()
    airflow.start("scheduler")
    assert rest.wait_for_end(day, 180) == "success"
    assert calls(folder, "compute") == [["compute", "--date", DAY]] * 2
    sources = sorted(path.stem for path in (SHIPPED / "sources").glob("*.yml"))
    assert sorted(calls(folder, "ingest")) == [["ingest", "--source", name, "--to", DAY] for name in sources]
    assert rest.get(f"{day}/taskInstances/compute")["try_number"] == 2

    events = rest.get("assets/events?limit=100")["asset_events"]
    told = {event["name"]: event["extra"] for event in events}
    assert told["reports.activity_daily"] == {
        "date": DAY, "rows": 5, "delta_version": 2, "digest": "d", "closed_through": "2026-03-04",
    }  # fmt: skip


def test_a_run_that_is_not_done_in_time_is_reported_by_the_command_line(
    folder: Path, airflow: Airflow
) -> None:
    (alert, *_) = alerts(folder, "deadline_missed")
    assert alert[3].startswith("activelake_daily/") and alert[5].endswith(": not done after 1 minutes")


def test_a_task_that_is_given_up_is_reported_by_the_command_line(folder: Path, airflow: Airflow) -> None:
    rest = Rest(airflow)
    rest.unpause("activelake_maintain")
    run = rest.trigger("activelake_maintain", conf={})
    assert rest.wait_for_end(run, 90) == "failed"
    name = f"activelake_maintain/{rest.get(run)['dag_run_id']}"
    text = f"{name}: maintain was given up: ContractError; its log holds the details"
    assert ["alert", "task_failed", "--run", name, "--message", text] in alerts(folder, "task_failed")


def test_a_backfill_waits_for_a_person_who_sees_the_plan(folder: Path, airflow: Airflow) -> None:
    rest = Rest(airflow)
    rest.unpause("activelake_backfill")
    run = rest.trigger(
        "activelake_backfill",
        conf={"date_from": "2026-03-03", "date_to": "2026-03-05", "reason": "late files", "by": "ana"},
    )
    rest.wait_for_task(run, "approve", "awaiting_input", 90)
    shown = rest.get(f"{run}/taskInstances/approve/-1/hitlDetails")["body"]
    assert "3 days would be recomputed" in shown and "Who: ana, triggered by admin" in shown
    asked = ["backfill", "--from", "2026-03-03", "--to", "2026-03-05", "--reason", "late files"]
    dry = [*asked, "--by=ana, triggered by admin", "--dry-run"]
    assert calls(folder, "backfill") == [dry]
    rest.answer(run, "approve", "Approve")
    assert rest.wait_for_end(run, 90) == "success"
    assert calls(folder, "backfill") == [dry, [*asked, "--by=ana, triggered by admin, approved by admin"]]


def test_a_rejected_backfill_ends_without_a_change(folder: Path, airflow: Airflow) -> None:
    rest = Rest(airflow)
    rest.unpause("activelake_backfill")
    run = rest.trigger(
        "activelake_backfill", conf={"date_from": "2026-03-06", "date_to": "2026-03-06", "reason": "in doubt"}
    )
    rest.wait_for_task(run, "approve", "awaiting_input", 90)
    rest.answer(run, "approve", "Reject")
    assert rest.wait_for_end(run, 90) == "success"
    assert rest.states(run) == {
        "plan": "success", "approve": "success", "backfill": "skipped", "page": "skipped"
    }  # fmt: skip
    dry = ["backfill", "--from", "2026-03-06", "--to", "2026-03-06", "--reason", "in doubt", "--by=admin"]
    assert [call for call in calls(folder, "backfill") if "2026-03-06" in call] == [[*dry, "--dry-run"]]


def test_the_connection_reaches_every_command_and_its_values_no_log_and_no_rendered_field(
    folder: Path, airflow: Airflow
) -> None:
    expected = {
        "ACTIVELAKE_SPARK_MASTER": "local[2]",
        "ACTIVELAKE_SPARK_EXTRA": '{"spark.some.key": "a-secret-value"}',
    }
    commands = spark_variables(folder)
    assert len(commands) > 5 and all(variables == expected for variables in commands)
    texts = [path.read_text(errors="replace") for path in airflow.home.rglob("*.log")]
    assert len(texts) > 5 and not [text for text in texts if "a-secret-value" in text]
    tasks = Rest(airflow).get("dags/~/dagRuns/~/taskInstances?limit=100")["task_instances"]
    rendered = [task["rendered_fields"] for task in tasks]
    assert ["compute", "--date", DAY] in [fields.get("arguments") for fields in rendered]
    assert "a-secret-value" not in json.dumps(tasks)
