"""Retention of every cohort, kind and window in one pass over the days on which users returned."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.facts.user_scope_day import LISTED
from jobs.period import Context
from jobs.reports.activity import spine
from jobs.reports.engine import conform, is_left_censored, measure
from schemas.facts.activity import SCOPE_KEY
from schemas.metrics.retention import COHORT_KINDS, RETENTION, WINDOWS, Window
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
    kinds = members.sparkSession.createDataFrame(rows, schema)
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
        {"gap": F.datediff("event_date", "prev_date"), "age": F.datediff("event_date", "first_date")}
    )
    found = F.concat(*(part for window in WINDOWS for part in (_recurring(window), _first_ever(window))))
    exploded = aged.select("event_date", *SCOPE_KEY, F.explode(found).alias("back"))
    cohort = F.date_sub("event_date", F.col("back.age")).alias("cohort_date")
    counted = exploded.select(cohort, *SCOPE_KEY, "back.cohort_kind", "back.retention_window")
    wanted = counted.where(F.col("cohort_date").between(context.date_from, context.date_to))
    return wanted.groupBy(*_COHORT, "retention_window").agg(F.count("*").alias("users"))


def _back(kind: str, window: Window, age: Column) -> Column:
    return F.struct(
        F.lit(kind).alias("cohort_kind"),
        F.lit(window.name).alias("retention_window"),
        age.cast("int").alias("age"),
    )


def _recurring(window: Window) -> Column:
    low = F.greatest(F.lit(window.day_from), F.col("gap"))
    high = F.least(F.lit(window.day_to), F.col("gap") + F.lit(window.day_from - 1))
    ages = F.when(low <= high, F.sequence(low, high)).otherwise(F.array().cast("array<int>"))
    active = F.filter(
        ages, lambda age: F.call_function("shiftright", "history_bits", age).bitwiseAND(F.lit(1)) == 1
    )
    return F.transform(active, lambda age: _back("recurring", window, age))


def _first_ever(window: Window) -> Column:
    age = F.col("age")
    is_first = age.between(window.day_from, window.day_to) & (age < F.col("gap") + F.lit(window.day_from))
    row = F.array(_back("first_ever", window, age))
    return F.filter(row, lambda _: is_first)
