"""Backfill: event dates are recomputed from the clean tables in one pass, as a preview or with check and publication."""

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
from jobs.pipeline.days_to_compute import covering_range, days_to_compute
from jobs.pipeline.interrupted_replay import require_no_unfinished_replay
from jobs.pipeline.run import exclusive_run
from jobs.pipeline.run_log import ChangeReason
from jobs.pipeline.stages import Outcome, Progress, Run
from jobs.publish.difference import Difference, difference
from schemas.catalog import TABLES
from schemas.facts.user_scope_day import USER_SCOPE_DAY
from schemas.kinds import REQUIRED

if TYPE_CHECKING:
    from jobs.lake.draft import Draft
    from jobs.pipeline.compute import ReportFrames


@dataclass(frozen=True)
class Recomputed:
    """The result of a backfill's computation, before anything is written to the lake.

    Attributes:
        days: the days asked for, the days that had to be computed anyway, and all later days if facts have changed on
            which those build.
        draft: the lake with the recomputed facts, members and admitted late events.
        frames: the recomputed report rows.
        late_events: number of late events that are admitted.
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
        differences: one per published table.
        late_events: number of late events of the days that would be admitted, and so counted from then on.
    """

    differences: list[Difference]
    late_events: int


def backfill(settings: Settings, days: DateRange, change_reason: ChangeReason, progress: Progress) -> Outcome:
    """Recompute event dates, check and publish them, together with days that an earlier run has left unpublished.

    Late events of these dates are admitted: they count from now on. If a backfill is interrupted, the same backfill or
    the next run completes it.

    Raises:
        ConfigError: a day was not processed yet; names the days that were.
        GateFailed: a gate failed, and nothing was published.
    """
    with exclusive_run(settings, "backfill", progress) as current:
        current.finish_replay()
        horizon = _horizon(settings, current.lake, days)
        with current.recorded("backfill", current.run_id, days, change_reason):
            done = _recompute(current, horizon, days)
            _stage(current, done)
            current.check()
            current.publish()
        if done.late_events:
            current.outcome.messages.append(f"{done.late_events:,} late events have entered")
        return current.outcome


def preview(settings: Settings, days: DateRange, change_reason: ChangeReason, progress: Progress) -> Preview:
    """Compute what `backfill` would change; nothing is written except a row of ops.run.

    Raises:
        ConfigError: a day was not processed yet; names the days that were.
        SourceIncomplete: a replay was interrupted and has to be finished first.
    """
    with exclusive_run(settings, "backfill", progress) as current:
        require_no_unfinished_replay(current.lake)
        horizon = _horizon(settings, current.lake, days)
        with current.recorded("backfill --dry-run", current.run_id, days, change_reason):
            done = _recompute(current, horizon, days)
            differences = [
                difference(current.lake, TABLES[name], rows, replaced)
                for name, (rows, replaced) in done.frames.items()
            ]
            return Preview(differences, done.late_events)


def _horizon(settings: Settings, lake: Lake, days: DateRange) -> dict[str, Horizon]:
    """The horizons of what was processed, after checking that the days lie within them."""
    horizon = processed_horizons(settings, lake)
    activity = horizon[REQUIRED.name]
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
    days, reason = _with_pending_days(settings, lake, horizon, days)
    last = horizon[REQUIRED.name].last_arrival
    if late_events:
        days, reason = (
            (days[0], last),
            f"{reason}; {late_events:,} late events enter, on which later days build",
        )
    current.progress.begin_stage(f"compute {days[0]} to {days[1]}: {reason}")
    computed = computed_days(settings, lake, horizon, days)
    shared = compute_facts(draft, settings, computed.days)
    if days[1] < last and draft.changes(USER_SCOPE_DAY):
        days = days[0], last
        current.progress.begin_stage(f"compute {days[0]} to {days[1]}: later days build on what has changed")
        computed = computed_days(settings, lake, horizon, days)
        shared = compute_facts(draft, settings, computed.days)
    frames = compute_reports(draft, settings, computed, shared, current.progress.step)
    return Recomputed(days, computed, draft, frames, late_events)


def _with_pending_days(
    settings: Settings, lake: Lake, horizon: dict[str, Horizon], days: DateRange
) -> tuple[DateRange, str]:
    """One range with the days asked for and the days that must be computed anyway, and its reasons.

    A publication states that all days are up to date, so it must not leave out days that have changed.
    """
    start = history_start(settings, lake, horizon[REQUIRED.name])
    return covering_range([(days, "asked for"), *days_to_compute(settings, lake, horizon, start, [])])


def _stage(current: Run, done: Recomputed) -> None:
    from jobs.check.profile import profile_lake
    from jobs.publish.stage import stage_frames

    # Reports are staged before the facts are written: if this run dies in between, the staged and unpublished days tell
    # the next run which days it has to compute.
    stage_frames(current.lake, done.frames, done.computed, current.run_id)
    done.draft.write_to_lake()
    profile_lake(current.lake, current.settings, done.days, current.run_id)
