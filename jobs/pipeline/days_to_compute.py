"""Which days must be computed, and why: changed records, new arrivals, days that close now, staged unpublished days."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta

from conf.errors import SourceIncomplete
from conf.settings import Settings
from jobs.arrival.closure import closures
from jobs.arrival.history import history_start
from jobs.arrival.horizon import Horizon, missing_days
from jobs.calendar.dates import DateRange
from jobs.lake.tables import Lake
from jobs.pipeline.changed_days import changed_days
from jobs.publish.stage import replaced_days, staged_range, staged_unpublished
from jobs.sources.files.landing import LandedFile
from schemas.clean.refused import LATE_EVENT
from schemas.kinds import REQUIRED
from schemas.ops.tables import PUBLICATION, RUN
from schemas.reports.freshness import FRESHNESS


def compute_range(
    settings: Settings,
    lake: Lake,
    horizon: dict[str, Horizon],
    new: Iterable[LandedFile],
    date_from: date | None,
    date_to: date | None,
) -> tuple[DateRange | None, str]:
    """The range of days to compute, with its reasons; (None, "") if no published number can have changed.

    Args:
        new: files that this run ingests.
        date_from: first arrival day that the user asked for; None for no request.
        date_to: last arrival day that the user asked for; None for `date_from` alone.

    Raises:
        SourceIncomplete: activity has not arrived up to the last day that was asked for; names what is missing.
    """
    activity = horizon[REQUIRED.name]
    _require_arrived(activity, date_to or date_from)
    start = history_start(settings, lake, activity)
    late = timedelta(days=settings.allowed_lateness_days)
    runs = lake.read_rows(RUN).to_pylist()
    backfills = {row["run_id"] for row in runs if row["command"] == "backfill"}
    published = [row for row in lake.read_rows(PUBLICATION).to_pylist() if row["run_id"] not in backfills]
    if not published:
        return (start, activity.last_arrival), "nothing is published yet"
    newest = max(published, key=lambda row: row["published_at"])
    if newest["config_hash"] != settings.hash:
        return (
            start,
            activity.last_arrival,
        ), "settings, members or mappings have changed since the last publication"
    parts = days_to_compute(settings, lake, horizon, start, [file.landing_date for file in new])
    if date_from is not None:
        last_asked = min(date_to or date_from, activity.last_arrival)
        asked = min(max(start, date_from - late), last_asked), last_asked
        if not any(first <= asked[0] and asked[1] <= last for (first, last), _ in parts):
            parts.append((asked, "asked for by date"))
    return covering_range(parts) if parts else (None, "")


def _require_arrived(activity: Horizon, asked: date | None) -> None:
    if asked is not None and activity.is_daily and asked > activity.last_arrival:
        lines = [f"activity has arrived up to {activity.last_arrival}, and not to {asked}"]
        raise SourceIncomplete("\n".join(lines + missing_days(activity)))


def days_to_compute(
    settings: Settings, lake: Lake, horizon: dict[str, Horizon], start: date, arrivals: list[date]
) -> list[tuple[DateRange, str]]:
    """The ranges of days that must be computed even if nobody asks for them, each with its reason.

    Args:
        start: first day for which reports have rows.
        arrivals: landing days of files that are not ingested yet.
    """
    activity, lateness = horizon[REQUIRED.name], settings.allowed_lateness_days
    last = activity.last_arrival
    firsts = _changed_from(lake, start, last, lateness)
    if arrivals:
        earliest = min(arrivals) - timedelta(days=lateness)
        reason = f"records arrived from {min(arrivals)} on; they may change the {lateness} days before"
        firsts.append((start if activity.is_whole else max(start, earliest), reason))
    closing = _closing_from(settings, lake, horizon, start)
    if closing is not None and all(closing < first for first, _ in firsts):
        firsts.append((max(start, closing), f"what is known from {closing} on is final now"))
    parts = [((first, last), reason) for first, reason in firsts if first <= last]
    # A run that staged reports has already written the facts below them, so published rows may not fit the facts now.
    unpublished = staged_range(replaced_days(row) for row in staged_unpublished(lake))
    return parts + ([(unpublished, "a run staged them and did not publish them")] if unpublished else [])


def _changed_from(lake: Lake, start: date, last: date, lateness: int) -> list[tuple[date, str]]:
    """The first day of each clean table on which its rows have changed since the newest publication."""
    published = max(
        lake.read_rows(PUBLICATION).to_pylist(), key=lambda row: row["published_at"], default=None
    )
    if published is None:
        return []
    versions: dict[str, int] = json.loads(published["input_versions"])
    try:
        changes = changed_days(lake, versions, lateness)
    except LookupError as error:
        return [(start, f"the lake no longer tells what has changed: {error}")]
    firsts = []
    for name, days in sorted(changes.items()):
        on_spine = sorted(day for day in days if day <= last)
        if on_spine:
            text = f"{name} has changed on {len(on_spine)} days from {on_spine[0]} on"
            firsts.append((max(start, on_spine[0]), text))
    if not firsts and lake.version(LATE_EVENT) != versions.get(LATE_EVENT.name):
        firsts.append((last, "late events are listed"))
    return firsts


def _closing_from(settings: Settings, lake: Lake, horizon: dict[str, Horizon], start: date) -> date | None:
    """First day that was published as open and is closed now, for example because a source has caught up; else None."""
    published = {row["table_name"]: row["closed_through"] for row in lake.read_rows(FRESHNESS).to_pylist()}
    moved = [
        published[name]
        for name, closure in closures(settings, horizon, start).items()
        if published.get(name) is not None and published[name] < closure.closed_through
    ]
    return min(moved) + timedelta(days=1) if moved else None


def covering_range(parts: list[tuple[DateRange, str]]) -> tuple[DateRange, str]:
    """The smallest single range that covers all ranges, with all their reasons in one text."""
    days = min(days[0] for days, _ in parts), max(days[1] for days, _ in parts)
    return days, "; ".join(reason for _, reason in parts)
