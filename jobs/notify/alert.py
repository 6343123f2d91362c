"""Alerts that the scheduler raises: they are recorded in ops.alert, then sent to the hook."""

from __future__ import annotations

from datetime import UTC, datetime

from conf.errors import ConfigError
from conf.settings import Settings
from jobs.lake.tables import Lake
from jobs.notify.hook import Event, call
from schemas.columns import COLUMNS
from schemas.ops.tables import ALERT

ALERTS = COLUMNS["alert"].allowed


def raise_alert(settings: Settings, lake: Lake, alert: str, scheduled_run: str, text: str) -> str | None:
    """Record an alert and send it to the hook; returns the reason if the hook could not be called, else None.

    Raises:
        ConfigError: there is no such alert.
    """
    if alert not in ALERTS:
        raise ConfigError(f"{alert}: no such alert; there are {', '.join(ALERTS)}")
    row = {"alert": alert, "scheduled_run": scheduled_run, "raised_at": datetime.now(UTC), "alert_text": text}
    lake.append_rows(ALERT, [row])
    return call(settings.hook, Event(alert, scheduled_run, "alert", 0, (), text))
