"""The command line's program and the environment that it gets from Airflow's."""

from __future__ import annotations

import os
from pathlib import Path

from conf.operation import IS_AWAITED

ROOT = Path(__file__).resolve().parents[2]
_LEFT_BEHIND = ("AIRFLOW", "_AIRFLOW", "PYTHON", "VIRTUAL_ENV")
"""Beginnings of the names of Airflow's settings and secrets, and of variables for Airflow's own Python."""


def program() -> str:
    """ACTIVELAKE_BIN, else the one in the repository's own .venv."""
    return os.environ.get("ACTIVELAKE_BIN") or str(ROOT / ".venv" / "bin" / "activelake")


def environment() -> dict[str, str]:
    """The environment of the command: Airflow's, without Airflow's own variables; lines are wide, since a log shows them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_BEHIND)}
    return kept | {"COLUMNS": "160", "NO_COLOR": "1", IS_AWAITED: "1"}
