"""Event dates computed again from the clean tables, in one pass: shown beforehand, or checked and published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conf.errors import ConfigError
from conf.settings import Settings
from jobs.arrival.history import history_start, processed_horizons
from jobs.arrival.horizon import Horizon
from jobs.arrival.report_window import ComputedDays, computed_days
from jobs.calendar.dates import DateRange
from jobs.lake.tables import Lake
from jobs.pipeline.days_to_compute import joined, owed, unpublished_arrivals
from jobs.pipeline.interrupted_replay import require_no_unfinished_replay
from jobs.pipeline.run import change
from jobs.pipeline.run_log import ChangeReason
from jobs.pipeline.stages import Outcome, Progress, Run
from jobs.publish.difference import Difference, difference
from schemas.catalog import TABLES
from schemas.facts.user_scope_day import USER_SCOPE_DAY

if TYPE_CHECKING:
    from jobs.lake.draft import Draft
    from jobs.pipeline.compute import ReportFrames


@dataclass(frozen=True)
class Recomputed:
    """What a backfill came to.

    Attributes:
        days: the days asked for and those that are owed, and all later ones where facts have changed on which they build.
        draft: facts, members and late events that have entered as they would be.
        late_events: late events that enter.
    """

    days: DateRange
    computed: ComputedDays
    draft: Draft
    frames: ReportFrames
    late_events: int


@dataclass(frozen=True)
class Preview:
    """What a backfill would change.

    Attributes:
        differences: of each published table.
        late_events: late events of the days that would be counted from then on.
    """

    differences: list[Difference]
    late_events: int


def backfill(settings: Settings, days: DateRange, why: ChangeReason, progress: Progress) -> Outcome:
    """Compute event dates again, check and publish them, with what an earlier run has left unpublished.

    Events of these dates that came too late are counted from now on.
    A backfill that was interrupted is ended by being asked for again, or by the next run.

    Raises:
        ConfigError: a day was not processed yet; names those that were.
        GateFailed: nothing was published.
    """
    with change(settings, "backfill", progress) as current:
        current.finish_replay()
        horizon = _horizon(settings, current.lake, days)
        with current.recorded("backfill", current.run_id, days, why):
            done = _recompute(current, horizon, days)
            _stage(current, done)
            current.check()
            current.publish()
        if done.late_events:
            current.outcome.messages.append(f"{done.late_events:,} late events have entered")
        return current.outcome


def preview(settings: Settings, days: DateRange, why: ChangeReason, progress: Progress) -> Preview:
    """What `backfill` would change; changes nothing but ops.run.

    Raises:
        ConfigError: a day was not processed yet; names those that were.
        SourceIncomplete: a replay has died, and what it left half done must be finished first.
    """
    with change(settings, "backfill", progress) as current:
        require_no_unfinished_replay(current.lake)
        horizon = _horizon(settings, current.lake, days)
        with current.recorded("backfill --dry-run", current.run_id, days, why):
            done = _recompute(current, horizon, days)
            found = [
                difference(current.lake, TABLES[name], rows, replaced)
                for name, (rows, replaced) in done.frames.items()
            ]
            return Preview(found, done.late_events)


def _horizon(settings: Settings, lake: Lake, days: DateRange) -> dict[str, Horizon]:
    """Horizons of what has been processed, to which the days belong."""
    horizon = processed_horizons(settings, lake)
    activity = horizon["activity"]
    first, last = history_start(settings, lake, activity), activity.last_arrival
    for option, day in zip(("--from", "--to"), days, strict=True):
        if not first <= day <= last:
            raise ConfigError(f"{option}: {day} is none of the days that were processed, {first} to {last}")
    return horizon


def _recompute(current: Run, horizon: dict[str, Horizon], days: DateRange) -> Recomputed:
    from jobs.lake.draft import Draft
    from jobs.pipeline.compute import compute_facts, compute_reports
    from jobs.pipeline.late_events import admit_late_events

    settings, lake = current.settings, current.lake
    draft = Draft(lake)
    late_events = admit_late_events(draft, settings, days, current.run_id)
    days, why = _and_owed(settings, lake, horizon, days)
    last = horizon["activity"].last_arrival
    if late_events:
        days, why = (days[0], last), f"{why}; {late_events:,} late events enter, on which later days build"
    current.progress.stage(f"compute {days[0]} to {days[1]}: {why}")
    computed = computed_days(settings, lake, horizon, days)
    shared = compute_facts(draft, settings, computed.days)
    if days[1] < last and draft.changes(USER_SCOPE_DAY):
        days = days[0], last
        current.progress.stage(f"compute {days[0]} to {days[1]}: later days build on what has changed")
        computed = computed_days(settings, lake, horizon, days)
        shared = compute_facts(draft, settings, computed.days)
    frames = compute_reports(draft, settings, computed, shared, current.progress.step)
    return Recomputed(days, computed, draft, frames, late_events)


def _and_owed(
    settings: Settings, lake: Lake, horizon: dict[str, Horizon], days: DateRange
) -> tuple[DateRange, str]:
    """The days asked for and those that are owed: what is published says of all days that they are as they should be."""
    start = history_start(settings, lake, horizon["activity"])
    return joined([(days, "asked for"), *owed(settings, lake, horizon, start, unpublished_arrivals(lake))])


def _stage(current: Run, done: Recomputed) -> None:
    from jobs.check.profile import profile_lake
    from jobs.publish.stage import stage_frames

    # Staged first: should this run die, what is staged and not published says which days the facts have changed of.
    stage_frames(current.lake, done.frames, done.computed, current.run_id)
    done.draft.keep()
    profile_lake(current.lake, done.days, current.run_id)
