"""A whole Airflow for the tests of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

from jobs.dev.airflow.components import COMPONENTS, Airflow
from tests.ports import free_port


@contextmanager
def started(home: Path, variables: Mapping[str, str]) -> Iterator[Airflow]:
    """All components, healthy; once stopped, no process is left of the home or of the lake that the variables name."""
    running = Airflow(home, free_port(), dict(variables))
    running.prepare()
    try:
        for component in COMPONENTS:
            running.start(component)
        running.wait_until_healthy()
        yield running
    finally:
        running.stop()
        assert not _processes_of(str(home), variables["ACTIVELAKE_LAKE"])


def _processes_of(*values: str) -> list[psutil.Process]:
    """Processes that have one of the values in their environment; a dead one has none."""
    processes = psutil.process_iter(["environ"])
    return [p for p in processes if set(values) & set((p.info["environ"] or {}).values())]
