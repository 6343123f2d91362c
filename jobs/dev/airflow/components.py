"""Airflow's four components as processes of this one: started one by one, seen healthy, ended with all children."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from threading import Event

import psutil

ROOT = Path(__file__).resolve().parents[3]
HOST = "127.0.0.1"
COMPONENTS = {
    "api-server": (),
    "scheduler": ("--skip-serve-logs",),
    "dag-processor": (),
    "triggerer": ("--skip-serve-logs",),
}
"""With their options; the log servers that are skipped would listen on all addresses."""
STARTING_SECONDS = 120
ENDING_SECONDS = 15


def airflow_environment(home: Path, port: int) -> dict[str, str]:
    """Airflow's settings for one person's machine: SQLite, LocalExecutor, loopback only, this repository's DAGs."""
    address = f"http://{HOST}:{port}"
    return os.environ | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": str(max(2, os.cpu_count() or 2)),
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "60",
        "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "15",
        "ACTIVELAKE_PROFILE": os.environ.get("ACTIVELAKE_PROFILE", "dev"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONPATH": str(ROOT),
    }


class Airflow:
    """The components of one Airflow home.

    Args:
        home: folder of its database, logs and passwords; readable by its owner only.
        port: of the API server, on loopback.
        extra: variables beside those of `airflow_environment`.
    """

    def __init__(self, home: Path, port: int, extra: dict[str, str] | None = None) -> None:
        self.home = home
        self.address = f"http://{HOST}:{port}"
        self._environment = airflow_environment(home, port) | (extra or {})
        self._running: dict[str, psutil.Popen] = {}

    @property
    def password_file(self) -> Path:
        """Where SimpleAuthManager keeps the password of `admin`."""
        return self.home / "simple_auth_manager_passwords.json.generated"

    def prepare(self) -> None:
        """Make the home and its database."""
        os.umask(0o077)
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "migrate.log").open("w") as log:
            subprocess.run(
                self._command("db", "migrate"), env=self._environment, stdout=log, stderr=log, check=True,
                start_new_session=True,
            )  # fmt: skip

    def start(self, component: str) -> None:
        """Start one component; its output goes to `<home>/<component>.log`."""
        with (self.home / f"{component}.log").open("a") as log:
            self._running[component] = psutil.Popen(
                self._command(component, *COMPONENTS[component]), env=self._environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def wait_until_healthy(self, asked_to_end: Event | None = None) -> bool:
        """True when all four say so; False as soon as they are asked to end before.

        Raises:
            RuntimeError: one of them has ended, or they are not healthy in time.
        """
        asked = asked_to_end or Event()
        deadline = time.monotonic() + STARTING_SECONDS
        while not self._is_healthy():
            ended = [name for name, process in self._running.items() if process.poll() is not None]
            if ended or time.monotonic() > deadline:
                raise RuntimeError(f"{', '.join(ended) or 'Airflow'}: did not start; see {self.home}/*.log")
            if asked.wait(0.5):
                return False
        return True

    def kill(self, component: str) -> None:
        """End a component and everything below it at once, as a crash of the machine would."""
        process = self._running.pop(component)
        _end([process, *process.children(recursive=True)], signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """Ask every component to end, wait, and end by force what is still there, children included."""
        tree = [child for process in self._running.values() for child in _with_children(process)]
        _end(list(self._running.values()), signal.SIGTERM)
        _, left = psutil.wait_procs(tree, timeout=ENDING_SECONDS)
        _end(left, signal.SIGKILL)
        psutil.wait_procs(left, timeout=ENDING_SECONDS)
        self._running.clear()

    def _command(self, *arguments: str) -> list[str]:
        return [str(Path(sys.executable).parent / "airflow"), *arguments]

    def _is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/api/v2/monitor/health", timeout=10) as answer:
                states = json.load(answer)
        except (OSError, urllib.error.URLError):
            return False
        return all(state["status"] == "healthy" for state in states.values())


def _with_children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _end(processes: list[psutil.Process], number: int) -> None:
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue
