"""An alert of the scheduler is recorded and told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conf.errors import ConfigError
from conf.operation import HookSettings
from conf.settings import load
from jobs.lake.tables import Lake
from jobs.notify.alert import raise_alert
from schemas.ops.tables import ALERT

RUN = "activelake_daily/scheduled__2026-03-01"


@pytest.mark.parametrize("alert", ["deadline_missed", "task_failed"])
def test_an_alert_is_a_row_of_ops_and_one_call_of_the_hook(alert: str, tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    hook = HookSettings(command=("sh", "-c", f"cat > {told}"))
    settings = load(lake=str(tmp_path / "lake")).model_copy(update={"hook": hook})
    lake = Lake(settings.lake)
    assert raise_alert(settings, lake, alert, RUN, "not done after 480 minutes") is None
    rows = lake.read_rows(ALERT).drop_columns("raised_at").to_pylist()
    assert rows == [{"alert": alert, "scheduled_run": RUN, "alert_text": "not done after 480 minutes"}]
    event = json.loads(told.read_text())
    assert (event["event"], event["run_id"], event["message"]) == (
        alert,
        RUN,
        "not done after 480 minutes",
    )


def test_an_unknown_alert_is_refused_and_not_recorded(tmp_path: Path) -> None:
    settings = load(lake=str(tmp_path / "lake"))
    with pytest.raises(ConfigError, match="no such alert; there are deadline_missed"):
        raise_alert(settings, Lake(settings.lake), "late", RUN, "text")
    assert not Lake(settings.lake).exists(ALERT)
