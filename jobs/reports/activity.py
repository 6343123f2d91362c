"""Activity, engagement and overview from the facts: each source is one aggregate over a bounded slice of days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from conf.scopes import ALL, FIXED_SCOPES, MEMBER_TYPES
from jobs.arrival.report_window import ReportWindow
from jobs.facts.user_listed_day import ANY_LISTED, join_tables
from jobs.reports.engine import conform, days, is_left_censored, measure
from jobs.reports.inputs import FamilyInputs
from jobs.spark.local_relation import frame_of
from schemas.catalog import reports_of
from schemas.clean.members import MEMBERS
from schemas.facts.scope_day import SCOPE_DAY
from schemas.facts.user_listed_day import USER_LISTED_DAY
from schemas.facts.user_scope_day import SCOPE_KEY, USER_SCOPE_DAY
from schemas.metrics.activity import ENGAGEMENT, HISTOGRAM_DAYS, LONGEST_WINDOW
from schemas.metrics.declaration import AnyMetric
from schemas.reports.activity import ACTIVITY_FAMILY, ENGAGEMENT_REPORT, PER_SCOPE, PER_SCOPE_TYPE
from schemas.reports.declaration import Report

KEYS = ["activity_date", *SCOPE_KEY]
DAILY = tuple(report for report in reports_of(ACTIVITY_FAMILY) if report is not ENGAGEMENT_REPORT)


def scopes(members: DataFrame, history_start: date) -> DataFrame:
    """One row per scope with the first day of its spine; ANY_LISTED stands for all listed members of a type."""
    types = [(scope_type.name, ANY_LISTED) for scope_type in MEMBER_TYPES]
    fixed = [(*scope, history_start) for scope in (*FIXED_SCOPES, *types)]
    always = frame_of(members.sparkSession, fixed, "scope_type string, scope_id string, since date")
    since = F.greatest("valid_from", F.lit(history_start)).alias("since")
    every = always.unionByName(members.select("scope_type", "scope_id", since))
    return every.withColumns({"group_type": F.lit(ALL), "group_id": F.lit(ALL)})


def spine(members: DataFrame, window: ReportWindow, day: str) -> DataFrame:
    """One row per day and scope that a report must have."""
    last = min(window.date_to, window.last_arrival)
    dates = days(members, day, window.date_from, last)
    every = dates.crossJoin(F.broadcast(scopes(members, window.history_start)))
    return every.where(F.col(day) >= F.col("since")).drop("since")


def build(inputs: FamilyInputs) -> Mapping[Report, DataFrame]:
    """Every report of the family."""
    windows = {report.name: inputs.window(report) for report in reports_of(ACTIVITY_FAMILY)}
    user_days = join_tables(inputs.frame(USER_SCOPE_DAY), inputs.frame(USER_LISTED_DAY))
    return activity_frames(user_days, inputs.frame(SCOPE_DAY), inputs.frame(MEMBERS), windows)


def activity_frames(
    user_days: DataFrame, scope_days: DataFrame, members: DataFrame, windows: Mapping[str, ReportWindow]
) -> dict[Report, DataFrame]:
    """Every report per day and scope or scope type, in one pass over all their metrics, and reports.engagement."""
    window = windows[ENGAGEMENT_REPORT.name]
    histogram = histogram_rows(user_days, window).persist()
    expected = _stamped(spine(members, window, "activity_date"), window)
    wide = measure(expected, _sources(user_days, scope_days, histogram, window), daily_metrics()).persist()
    is_scope = F.col("scope_id") != ANY_LISTED
    of_type = (F.col("scope_id") == ANY_LISTED) | (F.col("scope_type") == ALL)
    per_days = days_of_28(expected.where(is_scope))
    engagement = measure(per_days, {"histogram": (histogram, [*KEYS, "active_days"])}, ENGAGEMENT)
    rows = {PER_SCOPE: is_scope, PER_SCOPE_TYPE: of_type}
    frames: dict[Report, DataFrame] = {report: wide.where(rows[report.spine]) for report in DAILY}
    frames[ENGAGEMENT_REPORT] = engagement
    hashed = {
        report: frame.withColumn("definition_hash", F.lit(windows[report.name].definition_hash))
        for report, frame in frames.items()
    }
    return {report: conform(frame, report) for report, frame in hashed.items()}


def daily_metrics() -> tuple[AnyMetric, ...]:
    """The metrics of all daily reports, each once."""
    return tuple(dict.fromkeys(metric for report in DAILY for metric in report.metrics))


def _stamped(rows: DataFrame, window: ReportWindow) -> DataFrame:
    day = F.col("activity_date")
    return rows.withColumns(
        {
            "is_complete": day <= F.lit(window.closed_through),
            "is_left_censored": is_left_censored(day, window),
        }
    )


def days_of_28(rows: DataFrame) -> DataFrame:
    """The spine with one row per number of active days."""
    return rows.withColumn("active_days", F.explode(F.sequence(F.lit(1), F.lit(HISTOGRAM_DAYS))))


def _sources(
    user_days: DataFrame, scope_days: DataFrame, histogram: DataFrame, window: ReportWindow
) -> dict[str, tuple[DataFrame, list[str]]]:
    wanted = F.col("activity_date").between(window.date_from, window.date_to)
    dated = user_days.withColumn("activity_date", F.col("event_date"))
    counted = scope_days.withColumn("activity_date", F.col("event_date"))
    return {
        USER_SCOPE_DAY.name: (dated.where(wanted), KEYS),
        SCOPE_DAY.name: (counted.where(wanted), KEYS),
        "window": (window_rows(user_days, window), KEYS),
        "histogram": (histogram, KEYS),
    }


def window_rows(user_days: DataFrame, window: ReportWindow) -> DataFrame:
    """Users per activity date, days since an activity and days since the one before it."""
    first = window.date_from - timedelta(days=LONGEST_WINDOW - 1)
    gap = F.datediff("event_date", "prev_date").alias("gap")
    recent = user_days.where(F.col("event_date").between(first, window.date_to))
    steps = recent.groupBy("event_date", *SCOPE_KEY, gap).agg(F.count("*").alias("users"))
    ages = F.explode(F.sequence(F.lit(0), F.lit(LONGEST_WINDOW - 1))).alias("days_ago")
    seen = steps.select(*steps.columns, ages).withColumns(
        {
            "activity_date": F.date_add("event_date", F.col("days_ago")),
            "prev_days_ago": F.col("days_ago") + F.col("gap"),
        }
    )
    return seen.where(F.col("activity_date").between(window.date_from, window.date_to))


def histogram_rows(user_days: DataFrame, window: ReportWindow) -> DataFrame:
    """Users per activity date, scope and number of active days among the 28 that end on it.

    An activity adds a day to its user at once and takes it away 28 days later; the running sum of these moves is
    the number of active days, so nothing is exploded to users × days. A number of users holds until the next change.
    """
    first = window.date_from - timedelta(days=HISTOGRAM_DAYS - 1)
    who = ["user_id", *SCOPE_KEY]
    recent = user_days.where(F.col("event_date").between(first, window.date_to))
    of_users = recent.select(*who, "event_date").repartition("user_id")  # once, narrow, for both groupings
    moves = F.explode(
        F.array(
            F.struct(F.col("event_date").alias("day"), F.lit(1).alias("step")),
            F.struct(F.date_add("event_date", HISTOGRAM_DAYS).alias("day"), F.lit(-1).alias("step")),
        )
    ).alias("move")
    steps = of_users.select(*who, moves).where(F.col("move.day") <= window.date_to)
    per_day = steps.groupBy(*who, F.col("move.day").alias("day")).agg(F.sum("move.step").alias("step"))
    in_order = (
        Window.partitionBy(*who).orderBy("day").rowsBetween(Window.unboundedPreceding, Window.currentRow)
    )
    running = per_day.withColumn("now", F.sum("step").over(in_order)).withColumn(
        "before", F.col("now") - F.col("step")
    )
    changes = F.explode(
        F.array(
            F.struct(F.col("before").alias("active_days"), F.lit(-1).alias("users")),
            F.struct(F.col("now").alias("active_days"), F.lit(1).alias("users")),
        )
    ).alias("change")
    day = F.greatest("day", F.lit(window.date_from)).alias("activity_date")
    deltas = running.where("step <> 0").select(*SCOPE_KEY, day, changes).where("change.active_days > 0")
    summed = deltas.groupBy(*KEYS, F.col("change.active_days").alias("active_days")).agg(
        F.sum("change.users").alias("delta")
    )
    by_day = Window.partitionBy(*SCOPE_KEY, "active_days").orderBy("activity_date")
    last = F.coalesce(F.date_sub(F.lead("activity_date").over(by_day), 1), F.lit(window.date_to))
    levels = summed.withColumns(
        {
            "users": F.sum("delta").over(by_day.rowsBetween(Window.unboundedPreceding, Window.currentRow)),
            "days": F.sequence("activity_date", last),
        }
    )
    held = levels.where("users > 0").withColumn("activity_date", F.explode("days"))
    return held.select(*KEYS, "active_days", "users")
