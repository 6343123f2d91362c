"""What holds for every DAG and every task."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from airflow.sdk import DAG, CronPartitionTimetable
from airflow.sdk.bases.operator import BaseOperator
from airflow.sdk.exceptions import ParamValidationError

from conf.errors import ConfigError
from conf.settings import SHIPPED
from dags.factory import dag as factory
from dags.factory.alerts import task_failed
from dags.factory.failures import POLICY
from dags.factory.operator import Activelake
from dags.factory.page import PAGE, dags, page
from schemas.catalog import REPORTS

ROOT = Path(__file__).resolve().parents[2]
DAGS = dags()
TASKS = {f"{name}.{task.task_id}": task for name, dag in DAGS.items() for task in dag.tasks}


def test_every_file_of_the_folder_is_a_dag_of_its_name() -> None:
    files = {path.stem for path in (ROOT / "dags").glob("*.py")} - {"__init__"}
    assert set(DAGS) == {f"activelake_{name}" for name in files}


def test_dags_are_imported_within_a_second_and_without_spark() -> None:
    text = (
        "import sys, time, airflow.sdk\n"
        "from airflow.dag_processing.dagbag import DagBag\n"
        "started = time.monotonic()\n"
        f"bag = DagBag({str(ROOT / 'dags')!r})\n"
        "print(len(bag.dags), time.monotonic() - started)\n"
        "print([m for m in ('pyspark', 'deltalake', 'pyarrow', 'jobs') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True, cwd=ROOT)
    parsed, modules = done.stdout.strip().splitlines()[-2:]
    count, seconds = parsed.split()
    assert int(count) == len(DAGS)
    assert float(seconds) <= 1.0
    assert modules == "[]"


@pytest.mark.parametrize("dag", DAGS.values(), ids=DAGS)
def test_a_dag_is_documented_tagged_owned_and_alone(dag: DAG) -> None:
    assert dag.doc_md and dag.description and "activelake" in dag.tags
    assert dag.default_args["owner"] == "data-platform"
    assert (dag.max_active_runs, dag.catchup) == (1, False)


@pytest.mark.parametrize("dag", DAGS.values(), ids=DAGS)
def test_a_param_is_typed_and_titled(dag: DAG) -> None:
    for name in dag.params:
        schema = dag.params.get_param(name).schema
        assert ("type" in schema or "enum" in schema) and schema["title"], name


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_a_task_is_documented_and_owned_and_tells_that_it_was_given_up(task: BaseOperator) -> None:
    assert task.doc_md and task.owner == "data-platform"
    assert task.on_failure_callback == [task_failed]


@pytest.mark.parametrize(
    "task", [task for task in TASKS.values() if task.task_id != "approve"], ids=lambda task: f"{task.dag_id}.{task.task_id}"
)  # fmt: skip
def test_a_task_is_made_by_the_factory_with_its_patience(task: BaseOperator) -> None:
    assert isinstance(task, Activelake)
    assert task.retries == 5 and task.retry_policy is POLICY
    assert task.reschedule and task.timeout == 24 * 3600
    assert task.execution_timeout == timedelta(hours=12)


def test_a_backfill_runs_only_what_a_person_has_approved() -> None:
    dag = DAGS["activelake_backfill"]
    assert dag.get_task("backfill").upstream_task_ids == {"approve"}
    assert "--dry-run" in dag.get_task("plan").arguments
    assert "--dry-run" not in dag.get_task("backfill").arguments


WHO = [
    (None, "admin", "admin"),
    ("ana", "admin", "ana, triggered by admin"),
    ("admin", "admin", "admin"),
    ("ana", None, "ana"),
    (None, None, ""),
]


@pytest.mark.parametrize(("by", "login", "who"), WHO)
def test_a_name_that_was_given_does_not_hide_who_triggered_the_run(
    by: str | None, login: str | None, who: str
) -> None:
    assert rendered("activelake_backfill", "plan", login, by=by)[-2] == f"--by={who}"


REPLAYS = [
    ({}, "replay --from 2026-03-01 --to 2026-03-02 --reason because --by=admin"),
    (
        {"source": "demo"},
        "replay --from 2026-03-01 --to 2026-03-02 --source=demo --reason because --by=admin",
    ),
    (
        {"source": "demo", "quarantine_reason": "bad_time"},
        "quarantine requeue --from 2026-03-01 --to 2026-03-02 --source=demo --reason=bad_time --because because "
        "--by=admin",
    ),
]


@pytest.mark.parametrize(("form", "command"), REPLAYS)
def test_days_are_replayed_or_those_on_which_records_were_refused_for_a_reason(
    form: dict[str, str], command: str
) -> None:
    assert " ".join(filter(None, rendered("activelake_replay", "replay", "admin", **form))) == command


def test_a_reason_for_which_nothing_is_ever_refused_is_none() -> None:
    param = DAGS["activelake_replay"].params.get_param("quarantine_reason")
    with pytest.raises(ParamValidationError, match="'bad_tme' is not one of"):
        param.resolve("bad_tme")


def rendered(dag_id: str, task_id: str, login: str | None, **form: str | None) -> list[str]:
    """Arguments of a task as a run by a login has them."""
    task = TASKS[f"{dag_id}.{task_id}"]
    params = dict.fromkeys(DAGS[dag_id].params) | {"date_from": "2026-03-01", "date_to": "2026-03-02"}
    run = SimpleNamespace(triggering_user_name=login)
    context = {"params": params | {"reason": "because"} | form, "dag_run": run}
    return list(task.render_template(task.arguments, context))


def test_the_daily_dag_ingests_every_source_of_the_deployment_in_parallel() -> None:
    dag = DAGS["activelake_daily"]
    sources = {f"ingest.{path.stem}" for path in (SHIPPED / "sources").glob("*.yml")}
    assert dag.get_task("compute").upstream_task_ids == sources
    assert all(dag.get_task(name).upstream_task_ids == {"wait_until_landed"} for name in sources)


def test_a_daily_run_carries_the_business_day_that_has_just_ended() -> None:
    timetable = DAGS["activelake_daily"].timetable
    assert isinstance(timetable, CronPartitionTimetable)
    stored = (timetable.expression, str(timetable.timezone), timetable.run_offset, timetable.key_format)
    assert stored == ("0 0 * * *", "Asia/Shanghai", -1, "%Y-%m-%d")


def test_every_published_table_is_an_asset_at_its_own_address() -> None:
    publish = DAGS["activelake_daily"].get_task("publish")
    lake = Path(os.environ["ACTIVELAKE_LAKE"]).resolve()
    assert [(asset.name, asset.uri) for asset in publish.outlets] == [
        (table.name, f"file://{lake}/{table.name.replace('.', '/')}") for table in REPORTS
    ]


def test_simple_logins_are_refused_outside_dev(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factory, "deployment", lambda: factory.load(profile="prod", lake="/lake"))
    with pytest.raises(ConfigError, match="SimpleAuthManager: refused in profile prod"):
        factory.pipeline("any", doc="Any.", schedule=None, params={})


def test_the_page_calls_required_what_a_run_cannot_be_without() -> None:
    part = page().split("## activelake_replay")[1].split("| task |")[0]
    rows = [line.split(" | ")[:2] for line in part.splitlines() if line.startswith("| `")]
    assert {name.strip("| `"): default for name, default in rows} == {
        "date_from": "required", "date_to": "required", "source": "optional", "quarantine_reason": "optional",
        "reason": "required", "by": "optional",
    }  # fmt: skip


def test_the_page_of_the_dags_is_what_they_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"
