"""One business day of the demo shop, for real, without a scheduler."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from dags.factory.page import dags

DAY = "2026-03-01"


def test_a_day_of_the_demo_goes_from_landed_files_to_published_tables(
    database: None, checkout: Path, landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIVELAKE_BIN", str(checkout))
    monkeypatch.setenv("ACTIVELAKE_LANDING", str(landing))
    monkeypatch.setenv("ACTIVELAKE_SPARK_DRIVER_MEMORY", "1g")
    daily = dags()["activelake_daily"]
    daily.deadline = []  # dag.test() cannot look up deadlines when a run ends well; the scheduler's test has one
    run = daily.test(run_conf={"date": DAY})
    states = {task.task_id: task.state for task in run.get_task_instances()}
    assert set(states.values()) == {"success"}, states
    command = [str(checkout), "show", "activity_daily", "--where", "scope_type = 'all'", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    (row,) = json.loads(done.stdout)
    assert (row["activity_date"], row["dau"] > 0) == (DAY, True)
    assert (Path(os.environ["ACTIVELAKE_LAKE"]) / "page" / "index.html").stat().st_size > 0
