"""The operator: exit codes, waiting, assets, environment, and the end of a killed task."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk import RetryAction
from airflow.sdk.exceptions import AirflowFailException, AirflowRescheduleException, AirflowSensorTimeout

from conf.errors import ActiveLakeError, ConfigError, Conflict, ContractError, GateFailed
from dags.factory.alerts import task_failed
from dags.factory.dag import assets
from dags.factory.failures import POLICY
from dags.factory.operator import Activelake

Program = Callable[[str], None]


def operator(*arguments: str, **kwargs: Any) -> Activelake:
    return Activelake(
        task_id="task", arguments=arguments, poll_seconds=60, landing_timeout_minutes=60, lock_timeout_minutes=720,
        retry_delay_seconds=1, **kwargs,
    )  # fmt: skip


def context(first_look: datetime | None = None) -> dict[str, Any]:
    events = {asset: SimpleNamespace(extra={}) for asset in assets()}
    return {
        "ti": SimpleNamespace(get_first_reschedule_date=lambda _: first_look),
        "outlet_events": events,
    }


def test_what_is_printed_to_standard_output_is_the_result_and_empty_arguments_are_left_out(
    program: Program,
) -> None:
    program("print('beside', file=sys.stderr); print(sys.argv[1:])")
    assert (
        operator("ingest", "", "--date", "2026-03-01").execute(context())
        == "['ingest', '--date', '2026-03-01']"
    )


@pytest.mark.parametrize(
    ("code", "error", "action"),
    [
        (1, ActiveLakeError, RetryAction.RETRY),
        (2, ConfigError, RetryAction.FAIL),
        (4, ContractError, RetryAction.FAIL),
        (5, GateFailed, RetryAction.FAIL),
        (7, Conflict, RetryAction.RETRY),
        (99, ActiveLakeError, RetryAction.RETRY),
    ],
)
def test_an_exit_code_becomes_an_exception_that_the_policy_retries_or_fails(
    program: Program, code: int, error: type[ActiveLakeError], action: RetryAction
) -> None:
    program(f"sys.exit({code})")
    with pytest.raises(ActiveLakeError, match=f"activelake compute: exit code {code} ") as raised:
        operator("compute").execute(context())
    assert type(raised.value) is error
    assert POLICY.evaluate(raised.value, try_number=1, max_tries=5).action is action


@pytest.mark.parametrize(("code", "minutes"), [(3, 59), (6, 61), (6, 719)])
def test_an_incomplete_source_and_a_held_lake_put_the_task_off(
    program: Program, code: int, minutes: int
) -> None:
    program(f"sys.exit({code})")
    with pytest.raises(AirflowRescheduleException) as raised:
        operator("compute").execute(context(datetime.now(UTC) - timedelta(minutes=minutes)))
    assert timedelta(seconds=55) < raised.value.reschedule_date - datetime.now(UTC) <= timedelta(seconds=60)


@pytest.mark.parametrize(("code", "minutes"), [(3, 61), (6, 721)])
def test_a_source_that_stays_incomplete_and_a_lake_that_stays_held_fail_after_their_timeouts(
    program: Program, code: int, minutes: int
) -> None:
    program(f"sys.exit({code})")
    with pytest.raises(AirflowSensorTimeout):
        operator("compute").execute(context(datetime.now(UTC) - timedelta(minutes=minutes)))


STATUS = """
table = dict(row_count=5, table_version=3, digest="d", closed_through="2026-03-01", last_arrival_date="2026-03-05")
tables = [table | dict(table_name="reports.activity_daily", date_from="2026-03-01", date_to="2026-03-04"),
          table | dict(table_name="reports.dim_date", date_from=None, date_to=None)]
print(json.dumps({"tables": tables}) if sys.argv[1:] == ["status", "--json"] else "published")
"""


def test_assets_tell_date_rows_version_and_digest_of_what_status_says(program: Program) -> None:
    program(STATUS)
    task_context = context()
    operator("publish", outlets=assets(), day="2026-03-04").execute(task_context)
    told = {asset.name: event.extra for asset, event in task_context["outlet_events"].items() if event.extra}
    expected = {
        "date": "2026-03-04",
        "rows": 5,
        "delta_version": 3,
        "digest": "d",
        "closed_through": "2026-03-01",
    }
    assert told == {"reports.activity_daily": expected, "reports.dim_date": expected}


def test_publishing_what_another_run_has_staged_fails_at_once(program: Program) -> None:
    program(STATUS)
    with pytest.raises(AirflowFailException, match="holds 2026-03-01 to 2026-03-04 and not 2026-03-05"):
        operator("publish", outlets=assets(), day="2026-03-05").execute(context())


def test_a_day_of_which_nothing_has_arrived_is_published_with_all_that_has(program: Program) -> None:
    program(STATUS.replace("2026-03-05", "2026-03-04"))
    task_context = context()
    operator("publish", outlets=assets(), day="2026-03-06").execute(task_context)
    told = {asset.name for asset, event in task_context["outlet_events"].items() if event.extra}
    assert told == {"reports.activity_daily", "reports.dim_date"}


def test_the_command_line_sees_nothing_of_airflows_own_environment(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    program("print(json.dumps(dict(os.environ)))")
    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "secret-of-the-database")
    monkeypatch.setenv("AIRFLOW_CONN_SOMETHING", "secret-of-a-connection")
    monkeypatch.setenv("SHOP_FILES", "/landing")
    seen = json.loads(operator("status").execute(context()))
    assert seen["SHOP_FILES"] == "/landing"
    assert not [name for name, value in seen.items() if name.startswith("AIRFLOW") or "secret-of" in value]


@pytest.mark.parametrize(
    ("error", "why"),
    [(AirflowSensorTimeout("of user 4711"), "AirflowSensorTimeout; "), (None, "")],
    ids=["a wait that was too long", "a worker that is gone"],
)
def test_a_task_that_was_given_up_is_an_alert_without_the_text_of_its_error(
    program: Program, tmp_path: Path, error: Exception | None, why: str
) -> None:
    program(f"json.dump(sys.argv[1:], open({str(tmp_path / 'arguments')!r}, 'w'))")
    task = SimpleNamespace(dag_id="activelake_daily", run_id="r1", task_id="wait_until_landed")
    task_failed({"ti": task, "exception": error})
    text = f"activelake_daily/r1: wait_until_landed was given up: {why}its log holds the details"
    assert json.loads((tmp_path / "arguments").read_text()) == [
        "alert", "task_failed", "--run", "activelake_daily/r1", "--message", text,
    ]  # fmt: skip


def test_a_killed_task_takes_every_process_of_its_command_with_it(program: Program, tmp_path: Path) -> None:
    program(
        "import signal, subprocess\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen(['sleep', '60'], preexec_fn=lambda: signal.signal(signal.SIGTERM, signal.SIG_IGN))\n"
        f"open({str(tmp_path / 'new')!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        f"os.rename({str(tmp_path / 'new')!r}, {str(tmp_path / 'pids')!r})\n"
        "time.sleep(60)"
    )
    task = operator("compute")

    def kill_once_it_runs() -> None:
        while not (tmp_path / "pids").exists():
            time.sleep(0.05)
        task.on_kill()

    Thread(target=kill_once_it_runs).start()
    with pytest.raises(ActiveLakeError, match="exit code -9"):
        task.execute(context())
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    deadline = time.monotonic() + 10  # a signal is sent at once and takes effect a little later
    while any(map(_is_running, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [pid for pid in pids if _is_running(pid)]


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
