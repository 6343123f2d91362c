"""The compute stage: clean tables → facts → staged report frames, for a range of days in one pass."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from conf.settings import Settings
from jobs.arrival.closure import closures
from jobs.arrival.history import history_start
from jobs.arrival.horizon import Horizon
from jobs.arrival.report_window import ReportWindow
from jobs.clean.members import members
from jobs.facts.lateness import lateness
from jobs.facts.scope_counts import counted_by_type
from jobs.facts.scope_day import scope_days
from jobs.facts.user_listed_day import join_tables, split_tables
from jobs.facts.user_scope_day import user_days
from jobs.lake.counts import days_present
from jobs.lake.tables import Lake
from jobs.mapping.kinds import mapped_kinds
from jobs.pipeline.late_events import not_counted
from jobs.reports.activity import activity_frames
from jobs.reports.dimensions import dim_date, dim_scope
from jobs.reports.events_daily import events_daily_frame
from jobs.reports.orders import build_orders_daily
from jobs.reports.retention import retention_frame
from schemas.catalog import METRICS
from schemas.clean.activity import EVENTS
from schemas.clean.members import MEMBERS
from schemas.clean.orders import ORDERS
from schemas.clean.refunds import REFUNDS
from schemas.clean.refused import LATE_EVENT
from schemas.clean.users import USERS
from schemas.contract import Table
from schemas.facts.scope_day import SCOPE_DAY
from schemas.facts.user_listed_day import USER_LISTED_DAY
from schemas.facts.user_scope_day import USER_SCOPE_DAY
from schemas.kinds import REQUIRED
from schemas.metrics.declaration import definition_hash
from schemas.metrics.retention import HORIZON, WINDOWS
from schemas.ops.tables import LATE_ENTRY, LATENESS

ReportFrames = dict[str, tuple[pa.Table, tuple[date, date] | None]]
_AT_ONCE = 2
"""Frames that are collected side by side; planning one hides behind computing the other."""


def report_windows(
    settings: Settings, lake: Lake, horizon: dict[str, Horizon], days: tuple[date, date]
) -> dict[str, ReportWindow]:
    """The dates and definitions of each report table, for the days to compute."""
    activity = horizon[REQUIRED.name]
    start = history_start(settings, lake, activity)
    date_from, date_to = max(days[0], start), min(days[1], activity.last_arrival)
    cohorts_from = max(start, date_from - timedelta(days=HORIZON))
    return {
        name: ReportWindow(
            date_from=cohorts_from if name == "reports.retention" else date_from,
            date_to=date_to,
            history_start=start,
            last_arrival=activity.last_arrival,
            sources_arrived=reach.sources_arrived,
            closed_through=reach.closed_through,
            definition_hash=table_hash(settings, name),
        )
        for name, reach in closures(settings, horizon, start).items()
    }


def table_hash(settings: Settings, name: str) -> str:
    """Identity of what a report's numbers mean: metrics, qualifying rules, zone and lateness; never member lists."""
    qualifying = {
        f"{source}.{feed_name}": [feed.exposure, sorted(feed.filters.items())]
        for source, mapping in sorted(settings.sources.items())
        for feed_name, feed in sorted(mapping.feeds.items())
    }
    context: dict[str, object] = {
        "zone": settings.business_zone,
        "allowed_lateness_days": settings.allowed_lateness_days,
        "qualifying": qualifying,
        "windows": [(w.name, w.day_from, w.day_to) for w in WINDOWS] if name == "reports.retention" else [],
    }
    return definition_hash(METRICS[name], context)


def compute_facts(lake: Lake, settings: Settings, context: ReportWindow) -> DataFrame:
    """Replace the facts of the context's days, and members as they are known now.

    Returns:
        The counts by event type that the facts were made from, cached until the reports are collected.
    """
    events = lake.read(EVENTS)
    known = members(settings.members, events, lake.read(MEMBERS)).toArrow()
    lake.replace_rows(MEMBERS, known, None)
    before = any(day < context.date_from for day in days_present(lake, USER_SCOPE_DAY))
    prior = _user_days(lake).where(F.col("event_date") < F.lit(context.date_from))
    by_type = counted_by_type(
        events, lake.read(USERS), lake.read(MEMBERS), context.date_from, context.date_to
    ).persist(StorageLevel.MEMORY_AND_DISK)

    def written(table: Table, frame: DataFrame) -> None:
        lake.replace_days(table, frame, context.date_from, context.date_to)

    # Two tables are written of these rows, whose windows are the dearest step of all.
    active_days = user_days(by_type, prior if before else None).persist(StorageLevel.MEMORY_AND_DISK)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        tables = (USER_SCOPE_DAY, USER_LISTED_DAY, SCOPE_DAY)
        list(pool.map(written, tables, (*split_tables(active_days), scope_days(by_type))))
    active_days.unpersist()
    return by_type


def _user_days(lake: Lake) -> DataFrame:
    """The active days of users per scope, and in all listed members of a type."""
    return join_tables(lake.read(USER_SCOPE_DAY), lake.read(USER_LISTED_DAY))


def keep_lateness(lake: Lake) -> None:
    """Replace ops.lateness by what came too late and is not counted, as it is known now; the facts have been written."""
    if lake.exists(LATE_EVENT):
        late, entered = lake.read(LATE_EVENT), lake.read_rows(LATE_ENTRY)
        if entered.num_rows:
            late = not_counted(late, lake.spark.createDataFrame(entered))
        rows = lateness(late, lake.read(USERS), lake.read(MEMBERS), lake.read(USER_SCOPE_DAY))
        lake.replace_rows(LATENESS, rows.toArrow(), None)


def compute_reports(
    lake: Lake,
    settings: Settings,
    by_type: DataFrame,
    context_of: dict[str, ReportWindow],
    tell: Callable[[str], None],
) -> ReportFrames:
    """Every report frame with the days that it replaces; None replaces the whole table. Brings ops.lateness up to date.

    Args:
        by_type: what `compute_facts` returned.
    """

    def collected(item: tuple[str, DataFrame]) -> pa.Table:
        tell(item[0])
        return item[1].toArrow()

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        late = pool.submit(keep_lateness, lake)
        planned = _planned(lake, settings, by_type, context_of)
        rows = pool.map(collected, planned.items())
        frames: ReportFrames = {
            name: (own, (context_of[name].date_from, context_of[name].date_to))
            for name, own in zip(planned, rows, strict=True)
        }
        late.result()
    start, last = context_of["reports.retention"].history_start, context_of["reports.retention"].last_arrival
    frames["reports.dim_scope"] = (dim_scope(lake.read_rows(MEMBERS), start), None)
    frames["reports.dim_date"] = (dim_date(start, last, settings.special_days), None)
    lake.spark.catalog.clearCache()
    return frames


def _planned(
    lake: Lake, settings: Settings, by_type: DataFrame, context_of: dict[str, ReportWindow]
) -> dict[str, DataFrame]:
    """The metric reports as frames that nobody has collected yet."""
    cohort = context_of["reports.retention"]
    look_back = cohort.date_from - timedelta(days=HORIZON + 2)
    recent = f"event_date >= '{look_back.isoformat()}'"
    user_days = _user_days(lake).where(recent).persist(StorageLevel.MEMORY_AND_DISK)
    listed = lake.read(MEMBERS)
    built = {"reports.retention": retention_frame(user_days, listed, cohort)}
    built |= activity_frames(user_days, lake.read(SCOPE_DAY).where(recent), listed, context_of)
    built["reports.events_daily"] = events_daily_frame(by_type, listed, context_of["reports.events_daily"])
    if "reports.orders_daily" in context_of:
        built["reports.orders_daily"] = build_orders_daily(
            lake.read(ORDERS),
            lake.read(REFUNDS),
            lake.read(USERS),
            context_of["reports.orders_daily"],
            mapped_kinds(settings),
        )
    return built
