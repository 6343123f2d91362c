"""A record that comes again is no second fact, whatever time it carries, in one run and day by day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pyspark.sql import SparkSession

from conf.settings import Settings
from jobs.cli.main import app
from jobs.lake.tables import Lake
from schemas.clean.activity import EVENTS
from schemas.clean.refused import LATE_EVENT
from schemas.ops.tables import INGEST_BALANCE
from schemas.reports.activity import ACTIVITY_DAILY
from tests.lakes import digests
from tests.small_shop import APP, EVENT, deploy

AS_DELIVERED = APP.replace("daily", "as_delivered")
NO_SHOP = "{{title: Nothing, root: {root}, zone: UTC, inputs: {{}}, feeds: {{}}}}"
LOG = {
    "2026-03-01": ("e1,u1,2026-03-01T08:00:00Z,view,home",),
    "2026-03-02": ("e2,u1,2026-03-02T08:00:00Z,view,home", "e1,u1,2026-03-02T08:00:05Z,view,home",
                   "l1,u1,2026-02-27T08:00:00Z,view,home"),
    "2026-03-03": ("e3,u2,2026-03-03T08:00:00Z,view,home", "l1,u1,2026-03-03T08:00:00Z,view,home"),
    "2026-04-06": ("e1,u1,2026-04-06T08:00:00Z,view,home",),
}  # fmt: skip
"""e1 comes again stamped anew on the next day, and 36 landing days later, as another event; l1 comes late first, and then
in time."""


def _run(settings: Settings, *arguments: str) -> Lake:
    app(["--conf", str(settings.conf_dir), "--lake", settings.lake, "run", *arguments], standalone_mode=False)
    return Lake(settings.lake)


def test_a_key_that_comes_again_stamped_anew_is_one_event_in_one_run_and_day_by_day(
    spark: SparkSession, tmp_path: Path
) -> None:
    landing = tmp_path / "landing" / "app"
    landing.mkdir(parents=True)
    for day, lines in LOG.items():
        (landing / f"{day}.csv").write_text("\n".join((EVENT, *lines, "")))
    at_once = _run(deploy(tmp_path, "at_once", AS_DELIVERED, NO_SHOP))
    for day in LOG:
        day_by_day = _run(deploy(tmp_path, "day_by_day", AS_DELIVERED, NO_SHOP), "--date", day)
    assert digests(day_by_day) == digests(at_once)
    assert digests(day_by_day, [EVENTS, LATE_EVENT]) == digests(at_once, [EVENTS, LATE_EVENT])
    for lake in (at_once, day_by_day):
        events = {
            row["activity_date"]: row["events"]
            for row in lake.read_rows(ACTIVITY_DAILY).to_pylist()
            if row["scope_type"] == "all" and row["events"]
        }
        assert events == dict.fromkeys(
            (date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3), date(2026, 4, 6)), 1
        )
        outcomes = sorted(
            (row["file"].removeprefix("app/"), row["outcome"], row["reason"], row["records"])
            for row in lake.read_rows(INGEST_BALANCE).to_pylist()
            if row["outcome"] != "accepted"
        )
        assert outcomes == [
            ("2026-03-02.csv", "duplicate", "repeated_key", 1),
            ("2026-03-02.csv", "late", "before_history", 1),
            ("2026-03-03.csv", "duplicate", "repeated_key", 1),
        ]
