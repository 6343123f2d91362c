"""Retention of every cohort, kind and window in one pass over the days on which users returned."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs.arrival.report_window import ReportWindow
from jobs.facts.user_listed_day import ANY_LISTED
from jobs.reports.activity import spine
from jobs.reports.engine import conform, is_left_censored, measure
from jobs.reports.inputs import FamilyInputs
from jobs.spark.local_relation import frame_of
from schemas.clean.members import MEMBERS
from schemas.facts.user_scope_day import SCOPE_KEY, USER_SCOPE_DAY
from schemas.metrics.retention import COHORT_KINDS, HORIZON, RETENTION, WINDOWS
from schemas.reports.declaration import Report
from schemas.reports.retention import RETENTION_REPORT

_COHORT = ["cohort_date", *SCOPE_KEY, "cohort_kind"]


def build(inputs: FamilyInputs) -> Mapping[Report, DataFrame]:
    """Every report of the family."""
    window = inputs.window(RETENTION_REPORT)
    return {RETENTION_REPORT: retention_frame(inputs.frame(USER_SCOPE_DAY), inputs.frame(MEMBERS), window)}


def retention_frame(user_days: DataFrame, members: DataFrame, window: ReportWindow) -> DataFrame:
    """reports.retention for the cohort dates of the window."""
    sources = {
        "cohort": (cohort_rows(user_days, window), _COHORT),
        "returns": (return_rows(user_days, window), [*_COHORT, "retention_window"]),
    }
    measured = measure(_expected(members, window), sources, RETENTION)
    return conform(measured.withColumn("definition_hash", F.lit(window.definition_hash)), RETENTION_REPORT)


def _expected(members: DataFrame, window: ReportWindow) -> DataFrame:
    rows = [(k, w.name, w.day_from, w.day_to) for k in COHORT_KINDS for w in WINDOWS]
    schema = "cohort_kind string, retention_window string, day_from int, day_to int"
    kinds = frame_of(members.sparkSession, rows, schema)
    expected = (
        spine(members, window, "cohort_date")
        .where(F.col("scope_id") != ANY_LISTED)
        .crossJoin(F.broadcast(kinds))
    )
    day = F.col("cohort_date")
    return expected.withColumns(
        {
            "is_complete": F.date_add("cohort_date", F.col("day_to")) <= F.lit(window.closed_through),
            "is_left_censored": is_left_censored(day, window),
        }
    )


def cohort_rows(user_days: DataFrame, window: ReportWindow) -> DataFrame:
    """Users per cohort date, scope and kind."""
    wanted = user_days.where(F.col("event_date").between(window.date_from, window.date_to))
    counts = wanted.groupBy(F.col("event_date").alias("cohort_date"), *SCOPE_KEY).agg(
        F.count_if(F.col("first_date") == F.col("event_date")).alias("first_ever"),
        F.count("*").alias("recurring"),
    )
    return counts.select("cohort_date", *SCOPE_KEY, _per_kind())


def return_rows(user_days: DataFrame, window: ReportWindow) -> DataFrame:
    """Users per cohort date, scope, kind and window, each at the first return inside the window.

    A row of day x returns to the cohort of x − n. It is the first return in [a, b] if no activity lies in
    x−n+a … x−1, that is if n < gap + a, where gap = x − prev_date: for most rows only few n are left to look at.
    """
    later = user_days.where((F.col("event_date") > window.date_from) & F.col("prev_date").isNotNull())
    aged = later.withColumns(
        {
            "gap": F.least(F.datediff("event_date", "prev_date"), F.lit(HORIZON)),
            "since_first": F.datediff("event_date", "first_date"),
        }
    )
    was_active = F.call_function("shiftright", "history_bits", F.col("age")).bitwiseAND(F.lit(1)) == 1
    back = aged.join(F.broadcast(_ages(aged.sparkSession)), "gap").where(was_active)
    cohort = F.date_sub("event_date", F.col("age")).alias("cohort_date")
    dated = back.select(cohort, *SCOPE_KEY, "retention_window", "since_first", "age")
    wanted = dated.where(F.col("cohort_date").between(window.date_from, window.date_to))
    counts = wanted.groupBy("cohort_date", *SCOPE_KEY, "retention_window").agg(
        F.count_if(F.col("since_first") == F.col("age")).alias("first_ever"),
        F.count("*").alias("recurring"),
    )
    return counts.select("cohort_date", *SCOPE_KEY, "retention_window", _per_kind())


def _per_kind() -> Column:
    """One row per kind from a column for each."""
    parts = (part for kind in COHORT_KINDS for part in (F.lit(kind), F.col(kind)))
    return F.explode(F.create_map(*parts)).alias("cohort_kind", "users")


def _ages(spark: SparkSession) -> DataFrame:
    """One row per gap, window and age in the window at which a day after that gap is the first return in it.

    A gap of HORIZON stands for all longer ones: after it, every age of every window is a first return.
    """
    rows = [
        (gap, w.name, age)
        for gap in range(1, HORIZON + 1) for w in WINDOWS
        for age in range(w.day_from, min(w.day_to, w.day_from + gap - 1) + 1)
    ]  # fmt: skip
    return frame_of(spark, rows, "gap int, retention_window string, age int")
