"""An Airflow home of its own, and the command line as a small program that a test writes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOME = tempfile.TemporaryDirectory(prefix="airflow-")
os.environ |= {
    "ACTIVELAKE_LAKE": f"{HOME.name}/lake",
    "ACTIVELAKE_PROFILE": "dev",
    "AIRFLOW_HOME": HOME.name,
    "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
}


@pytest.fixture(scope="session")
def database() -> None:
    """Airflow's own database."""
    from airflow.utils.db import initdb

    initdb()


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes a Python text the command line; its arguments are in sys.argv."""

    def write(text: str) -> None:
        path = tmp_path / "activelake"
        path.write_text(f"#!{sys.executable}\nimport json, os, sys, time\n{text}\n")
        path.chmod(0o755)
        monkeypatch.setenv("ACTIVELAKE_BIN", str(path))

    return write


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command line of this checkout as one program."""
    path = tmp_path_factory.mktemp("bin") / "activelake"
    path.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {ROOT}/.venv/bin/python -m jobs.cli.main "$@"\n')
    path.chmod(0o755)
    return path


@pytest.fixture(scope="session")
def landing(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight days of a very small demo shop, from 2026-03-01 on."""
    path = tmp_path_factory.mktemp("shop") / "landing"
    command = [str(checkout), "demo", "--out", str(path), "--users", "60", "--days", "8"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return path


@pytest.fixture(scope="session")
def first_days(database: None, checkout: Path, landing: Path) -> Path:
    """A lake in which the daily DAG has run 2026-03-06, without a scheduler: all that has landed until then.

    Raises:
        AssertionError: a task did not end well.
    """
    from dags.factory.page import dags

    daily = dags()["activelake_daily"]
    daily.deadline = []  # dag.test() cannot look up deadlines when a run ends well; the scheduler's test has one
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ACTIVELAKE_BIN", str(checkout))
        environment.setenv("ACTIVELAKE_LANDING", str(landing))
        environment.setenv("ACTIVELAKE_SPARK_DRIVER_MEMORY", "1g")
        run = daily.test(run_conf={"date": "2026-03-06"})
    states = {task.task_id: task.state for task in run.get_task_instances()}
    assert set(states.values()) == {"success"}, states
    return Path(os.environ["ACTIVELAKE_LAKE"])
