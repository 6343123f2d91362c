"""Airflow's REST API as the tests use it; ten times faster than its command line."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

from jobs.dev.airflow.components import Airflow

SECONDS_TO_READ = 10
BUSY = '"Database error"'
"""In what the API says when SQLite refused a write, since another component's came between its reading and it."""
TIMES = 5


class Rest:
    """A client that has logged in as admin."""

    def __init__(self, airflow: Airflow) -> None:
        self._address = airflow.address
        password = json.loads(airflow.password_file.read_text())["admin"]
        login = {"username": "admin", "password": password}
        self._headers = {"Content-Type": "application/json"}
        token = self._call("POST", "/auth/token", login)["access_token"]
        self._headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> Any:
        """The answer to GET."""
        return self._call("GET", f"/api/v2/{path}")

    def trigger(self, dag_id: str, **body: Any) -> str:
        """Trigger a run, with partition_key or conf; returns the path of the run."""
        run = self._call("POST", f"/api/v2/dags/{dag_id}/dagRuns", {"logical_date": None} | body)
        return f"dags/{dag_id}/dagRuns/{urllib.parse.quote(run['dag_run_id'], safe='')}"

    def unpause(self, dag_id: str) -> None:
        """Let the scheduler run what is triggered."""
        self._call("PATCH", f"/api/v2/dags/{dag_id}", {"is_paused": False})

    def trigger_day(self, day: str) -> str:
        """Trigger a business day once the DAGs are known, and see it start; returns the path of the run."""
        self.wait_for(lambda: self.get("dags")["total_entries"] == 4, 60, "the four DAGs")
        self.unpause("activelake_daily")
        self.wait_for(lambda: self._scheduled_runs("activelake_daily"), 60, "the scheduled run")
        self._give_up_scheduled_runs("activelake_daily")
        run = self.trigger("activelake_daily", partition_key=day)

        def has_started() -> bool:
            # The scheduler may write the state that it had read before it was marked as failed.
            self._give_up_scheduled_runs("activelake_daily")
            return bool(self.get(run)["state"] != "queued")

        self.wait_for(has_started, 120, f"the start of {day}")
        return run

    def _scheduled_runs(self, dag_id: str) -> list[dict[str, Any]]:
        """The runs that the scheduler made on its own."""
        return list(self.get(f"dags/{dag_id}/dagRuns?run_type=scheduled")["dag_runs"])

    def _give_up_scheduled_runs(self, dag_id: str) -> None:
        """Mark the runs that the scheduler made on its own as failed, so that another one can go."""
        for run in self._scheduled_runs(dag_id):
            if run["state"] in ("queued", "running"):
                run_id = urllib.parse.quote(run["dag_run_id"], safe="")
                self._call("PATCH", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}", {"state": "failed"})

    def answer(self, run: str, task_id: str, option: str) -> None:
        """Answer a task that waits for a person, as late as a person would.

        To an answer in the very second of the question Airflow's scheduler has not yet heard of the pause from its
        executor, and takes what it then hears for a failure of the resumed task.
        """
        time.sleep(SECONDS_TO_READ)
        self._call(
            "PATCH", f"/api/v2/{run}/taskInstances/{task_id}/-1/hitlDetails", {"chosen_options": [option]}
        )

    def states(self, run: str) -> dict[str, str | None]:
        """State of every task of a run."""
        tasks = self.get(f"{run}/taskInstances")["task_instances"]
        return {task["task_id"]: task["state"] for task in tasks}

    def wait_for_task(self, run: str, task_id: str, state: str, seconds: float) -> None:
        """Wait until a task is in a state.

        Raises:
            AssertionError: the run has failed before.
            TimeoutError: it is not in time.
        """

        def is_reached() -> bool:
            states = self.states(run)
            assert self.get(run)["state"] != "failed", f"{run}: {states}"
            return states.get(task_id) == state

        self.wait_for(is_reached, seconds, f"{run}: {task_id} {state}", run)

    def wait_for(
        self, condition: Callable[[], Any], seconds: float, what: str, run: str | None = None
    ) -> Any:
        """The first true value of a condition.

        Raises:
            TimeoutError: there is none in time; says how far the run was.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            value = condition()
            if value:
                return value
            time.sleep(0.5)
        states = f"; {self.get(run)['state']}, {self.states(run)}" if run else ""
        raise TimeoutError(f"{what}: not within {seconds} s{states}")

    def wait_for_end(self, run: str, seconds: float) -> str:
        """State in which a run has ended."""
        ended = ("success", "failed")
        return str(
            self.wait_for(
                lambda: (state := self.get(run)["state"]) in ended and state,
                seconds,
                f"the end of {run}",
                run,
            )
        )

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        """The answer; a request that a busy database refused is made again, as every client of SQLite must."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self._address + path, data, self._headers, method=method)
        for _ in range(TIMES):
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                said = f"{error.code}: {error.read().decode()}"
            if BUSY not in said:
                break
            time.sleep(1)
        raise AssertionError(f"{method} {path}: {said}")
