"""What Airflow calls when a run is late: the command line records the alert and tells the hook."""

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
    arguments = ["alert", "deadline_missed", "--run", name]
    arguments += ["--message", f"{name}: not done after {minutes} minutes"]
    code, _ = Process([program(), *arguments], environment()).follow(log.info)
    if code:
        raise failure("alert", code)
