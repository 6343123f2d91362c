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
