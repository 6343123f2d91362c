"""Airflow's callbacks for late runs and failed tasks: the command line records an alert and calls the hook."""

from __future__ import annotations

import logging
from typing import Any

from dags.factory.command import environment, program
from dags.factory.failures import failure
from dags.factory.process import Process

log = logging.getLogger(__name__)


def deadline_missed(dag_id: str, minutes: int, context: dict[str, Any] | None = None) -> None:
    """Record that a run was not done in time.

    Args:
        minutes: the time that it had.
        context: Airflow's own, with the run.

    Raises:
        ActiveLakeError: the alert could not be recorded.
    """
    run = (context or {}).get("dag_run") or {}
    name = f"{dag_id}/{run.get('dag_run_id') or run.get('run_id')}"
    _alert("deadline_missed", name, f"{name}: not done after {minutes} minutes")


def task_failed(context: Any) -> None:
    """Record that a task was given up: its command failed for good, it waited or ran too long, or its worker is gone.

    The text of the error may hold values of the data and is not passed on.

    Args:
        context: Airflow's own, with the task and, where there was one, the exception.

    Raises:
        ActiveLakeError: the alert could not be recorded.
    """
    task, error = context["ti"], context.get("exception")
    name = f"{task.dag_id}/{task.run_id}"
    error_name = f"{type(error).__name__}; " if error else ""
    _alert("task_failed", name, f"{name}: {task.task_id} was given up: {error_name}its log holds the details")


def _alert(alert: str, name: str, message: str) -> None:
    arguments = ["alert", alert, "--run", name, "--message", message]
    code, _ = Process([program(), *arguments], environment()).follow(log.info)
    if code:
        raise failure("alert", code)
