"""`make airflow`: says where to log in, and ends when asked to, also while it starts."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import psutil
import pytest

from jobs.dev.airflow.__main__ import main
from jobs.dev.airflow.components import COMPONENTS, Airflow

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """The handlers that a test finds are there again after it."""
    kept = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose components are programs that wait."""

    def command(_: Airflow, *arguments: str) -> list[str]:
        seconds = 60 if arguments[0] in COMPONENTS else 0
        return [sys.executable, "-c", f"import time; time.sleep({seconds})"]

    monkeypatch.setattr(Airflow, "_command", command)
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AIRFLOW__API__PORT", "18999")
    monkeypatch.setenv("ACTIVELAKE_LAKE", "/the/lake")
    return tmp_path / "home"


@pytest.mark.parametrize("number", SIGNALS)
def test_it_says_where_to_log_in_and_ends_with_all_components_when_asked_to(
    number: signal.Signals, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Airflow, "_is_healthy", lambda _: True)
    Timer(1, os.kill, (os.getpid(), number)).start()
    main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[:5] == ["airflow: database", *(f"airflow: {component}" for component in COMPONENTS)]
    assert lines[6:9] == [
        "Airflow is at http://127.0.0.1:18999",
        f"  log in as admin; the password is in {home}/simple_auth_manager_passwords.json.generated",
        "  its tasks write to /the/lake",
    ]
    assert lines[-1] == "airflow: stopping" and not children_with(home)


def test_it_ends_at_once_when_asked_to_while_it_starts(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Airflow, "_is_healthy", lambda _: False)
    Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()
    started = time.monotonic()
    main()
    assert time.monotonic() - started < 10
    assert "log in" not in capsys.readouterr().out and not children_with(home)


def children_with(home: Path) -> list[psutil.Process]:
    """Processes of this one that have the home in their environment."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if child.environ().get("AIRFLOW_HOME") == str(home)]
