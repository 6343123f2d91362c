"""Retention of every cohort, kind and window in one pass over the days on which users returned."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs.facts.user_scope_day import LISTED
from jobs.frames import frame_of
from jobs.period import Context
from jobs.reports.activity import spine
from jobs.reports.engine import conform, is_left_censored, measure
from schemas.facts.activity import SCOPE_KEY
from schemas.metrics.retention import COHORT_KINDS, RETENTION, WINDOWS
from schemas.reports.retention import RETENTION_REPORT

_COHORT = ["cohort_date", *SCOPE_KEY, "cohort_kind"]


def retention_frame(user_days: DataFrame, members: DataFrame, context: Context) -> DataFrame:
    """reports.retention for the cohort dates of the context."""
    sources = {
        "cohort": (cohort_rows(user_days, context), _COHORT),
        "returns": (return_rows(user_days, context), [*_COHORT, "retention_window"]),
    }
    measured = measure(_owed(members, context), sources, RETENTION)
    return conform(measured.withColumn("definition_hash", F.lit(context.definition_hash)), RETENTION_REPORT)


def _owed(members: DataFrame, context: Context) -> DataFrame:
    rows = [(k, w.name, w.day_from, w.day_to) for k in COHORT_KINDS for w in WINDOWS]
    schema = "cohort_kind string, retention_window string, day_from int, day_to int"
    kinds = frame_of(members.sparkSession, rows, schema)
    owed = (
        spine(members, context, "cohort_date")
        .where(F.col("scope_id") != LISTED)
        .crossJoin(F.broadcast(kinds))
    )
    day = F.col("cohort_date")
    return owed.withColumns(
        {
            "is_complete": F.date_add("cohort_date", F.col("day_to")) <= F.lit(context.closed_through),
            "is_left_censored": is_left_censored(day, context),
        }
    )


def cohort_rows(user_days: DataFrame, context: Context) -> DataFrame:
    """Users per cohort date, scope and kind."""
    wanted = user_days.where(F.col("event_date").between(context.date_from, context.date_to))
    counts = wanted.groupBy(F.col("event_date").alias("cohort_date"), *SCOPE_KEY).agg(
        F.count_if(F.col("first_date") == F.col("event_date")).alias("first_ever"),
        F.count("*").alias("recurring"),
    )
    kinds = F.explode(F.create_map(*(part for kind in COHORT_KINDS for part in (F.lit(kind), F.col(kind)))))
    return counts.select("cohort_date", *SCOPE_KEY, kinds.alias("cohort_kind", "users"))


def return_rows(user_days: DataFrame, context: Context) -> DataFrame:
    """Users per cohort date, scope, kind and window, each at the first return inside the window.

    A row of day x returns to the cohort of x − n. It is the first return in [a, b] if no activity lies in
    x−n+a … x−1, that is if n < gap + a, where gap = x − prev_date.
    """
    later = user_days.where((F.col("event_date") > context.date_from) & F.col("prev_date").isNotNull())
    aged = later.withColumns(
        {"gap": F.datediff("event_date", "prev_date"), "since_first": F.datediff("event_date", "first_date")}
    )
    back = aged.join(F.broadcast(_ages(aged.sparkSession)), _is_first_return())
    cohort = F.date_sub("event_date", F.col("age")).alias("cohort_date")
    counted = back.select(cohort, *SCOPE_KEY, "cohort_kind", "retention_window")
    wanted = counted.where(F.col("cohort_date").between(context.date_from, context.date_to))
    return wanted.groupBy(*_COHORT, "retention_window").agg(F.count("*").alias("users"))


def _ages(spark: SparkSession) -> DataFrame:
    """One row per kind, window and age in it: every way in which a day can be a return."""
    rows = [
        (kind, w.name, w.day_from, age)
        for kind in COHORT_KINDS for w in WINDOWS for age in range(w.day_from, w.day_to + 1)
    ]  # fmt: skip
    return frame_of(spark, rows, "cohort_kind string, retention_window string, begins int, age int")


def _is_first_return() -> Column:
    bit = F.call_function("shiftright", "history_bits", F.col("age")).bitwiseAND(F.lit(1))
    belongs = (F.col("cohort_kind") == "recurring") | (F.col("since_first") == F.col("age"))
    return (bit == 1) & (F.col("age") < F.col("gap") + F.col("begins")) & belongs
