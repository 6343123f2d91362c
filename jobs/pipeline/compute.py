"""The compute stage: clean tables → facts → staged report frames, for a range of days in one pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from conf.settings import Settings
from jobs.arrival.report_window import ComputedDays
from jobs.calendar.dates import DateRange
from jobs.clean.members import members
from jobs.facts.lateness import lateness
from jobs.facts.scope_counts import ListValidity, counted_by_type
from jobs.facts.scope_day import scope_days
from jobs.facts.user_listed_day import join_tables, split_tables
from jobs.facts.user_scope_day import user_days
from jobs.lake.counts import days_present
from jobs.lake.tables import Lake
from jobs.mapping.kinds import mapped_kinds, whole_feeds
from jobs.pipeline.late_events import not_counted
from jobs.reports.inputs import Deployment, SharedInputs
from jobs.reports.registry import built_reports
from schemas.clean.activity import EVENTS
from schemas.clean.members import MEMBERS
from schemas.clean.refused import LATE_EVENT
from schemas.clean.users import USERS
from schemas.contract import Table
from schemas.facts.scope_day import SCOPE_DAY
from schemas.facts.user_listed_day import USER_LISTED_DAY
from schemas.facts.user_scope_day import COUNTED_BY_TYPE, USER_SCOPE_DAY
from schemas.ops.tables import LATE_ENTRY, LATENESS
from schemas.reports.family import Readable

ReportFrames = dict[str, tuple[pa.Table, DateRange | None]]
SharedFrames = Mapping[Readable, DataFrame]
_AT_ONCE = 2
"""Frames that are collected side by side; planning one hides behind computing the other."""


def compute_facts(lake: Lake, settings: Settings, days: DateRange) -> SharedFrames:
    """Replace the facts of the days, and members as they are known now.

    Returns:
        What the facts were made from, cached until the reports are collected.
    """
    date_from, date_to = days
    events = lake.read(EVENTS)
    listed = members(settings.members, events, lake.read(MEMBERS)).toArrow()
    lake.replace_rows(MEMBERS, listed, None)
    before = any(day < date_from for day in days_present(lake, USER_SCOPE_DAY))
    stored = join_tables(lake.read(USER_SCOPE_DAY), lake.read(USER_LISTED_DAY))
    prior = stored.where(F.col("event_date") < F.lit(date_from))
    by_type = counted_by_type(
        events, lake.read(USERS), lake.read(MEMBERS), list_validity(settings), date_from, date_to
    ).persist(StorageLevel.MEMORY_AND_DISK)

    def written(table: Table, frame: DataFrame) -> None:
        lake.replace_days(table, frame, date_from, date_to)

    # Two tables are written of these rows, whose windows are the dearest step of all.
    active_days = user_days(by_type, prior if before else None).persist(StorageLevel.MEMORY_AND_DISK)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        tables = (USER_SCOPE_DAY, USER_LISTED_DAY, SCOPE_DAY)
        list(pool.map(written, tables, (*split_tables(active_days), scope_days(by_type))))
    active_days.unpersist()
    return {COUNTED_BY_TYPE: by_type}


def list_validity(settings: Settings) -> ListValidity:
    """For which event dates the lists of users of a deployment hold."""
    return ListValidity(settings.allowed_lateness_days, whole_feeds(settings))


def keep_lateness(lake: Lake, settings: Settings) -> None:
    """Replace ops.lateness by what came too late and is not counted, as it is known now; the facts have been written."""
    if lake.exists(LATE_EVENT):
        late, entered = lake.read(LATE_EVENT), lake.read_rows(LATE_ENTRY)
        if entered.num_rows:
            late = not_counted(late, lake.spark.createDataFrame(entered), settings.duplicates_within_days)
        rows = lateness(
            late, lake.read(USERS), lake.read(MEMBERS), list_validity(settings), lake.read(USER_SCOPE_DAY)
        )
        lake.replace_rows(LATENESS, rows.toArrow(), None)


def compute_reports(
    lake: Lake,
    settings: Settings,
    computed: ComputedDays,
    shared: SharedFrames,
    report_progress: Callable[[str], None],
) -> ReportFrames:
    """Every report frame with the days that it replaces; None replaces the whole table. Brings ops.lateness up to date.

    Args:
        shared: what `compute_facts` returned.
    """
    deployment = Deployment(
        mapped_kinds(settings), settings.special_days, computed.history_start, computed.last_arrival
    )
    inputs = SharedInputs(lake, deployment, computed.windows, shared)

    def collected(name: str, frame: DataFrame | pa.Table) -> pa.Table:
        if isinstance(frame, pa.Table):
            return frame
        report_progress(name)
        return frame.toArrow()

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        late = pool.submit(keep_lateness, lake, settings)
        frames = {report.name: frame for report, frame in built_reports(inputs).items()}
        rows = list(pool.map(collected, frames.keys(), frames.values()))
        late.result()
    lake.spark.catalog.clearCache()
    return {name: (table, _replaced_days(computed, name)) for name, table in zip(frames, rows, strict=True)}


def _replaced_days(computed: ComputedDays, name: str) -> DateRange | None:
    window = computed.windows.get(name)
    return None if window is None else (window.date_from, window.date_to)
