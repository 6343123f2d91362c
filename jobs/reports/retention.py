"""Retention of every cohort, kind and window in one pass over the days on which users returned."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.facts.user_scope_day import LISTED
from jobs.period import Context
from jobs.reports.activity import spine
from jobs.reports.engine import conform, is_left_censored, measure
from schemas.facts.activity import SCOPE_KEY
from schemas.metrics.retention import COHORT_KINDS, RETENTION, WINDOWS
from schemas.reports.retention import RETENTION_REPORT

_COHORT = ["cohort_date", *SCOPE_KEY, "cohort_kind"]
_NEAREST = tuple(window for window in WINDOWS if window.day_from == 1)


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
    gap = F.datediff("event_date", "prev_date")
    counted = (
        _first_ever(later, gap).unionByName(_to_nearest(later, gap)).unionByName(_to_farther(later, gap))
    )
    wanted = counted.where(F.col("cohort_date").between(context.date_from, context.date_to))
    return wanted.where("users > 0")


def _first_ever(rows: DataFrame, gap: Column) -> DataFrame:
    """The cohort is that of first_date, so each row returns to one cohort."""
    age = F.datediff("event_date", "first_date")
    back = {w.name: age.between(w.day_from, w.day_to) & (age < gap + F.lit(w.day_from)) for w in WINDOWS}
    counts = (F.count_if(is_back).alias(name) for name, is_back in back.items())
    summed = rows.groupBy(F.col("first_date").alias("cohort_date"), *SCOPE_KEY).agg(*counts)
    return _per_window(summed, "first_ever", [(w.name, 0, F.col(w.name)) for w in WINDOWS])


def _to_nearest(rows: DataFrame, gap: Column) -> DataFrame:
    """Windows that begin on day 1: the only cohort to which a row is the first return is that of prev_date."""
    counts = (F.count_if(gap <= w.day_to).alias(w.name) for w in _NEAREST)
    summed = rows.groupBy(F.col("prev_date").alias("cohort_date"), *SCOPE_KEY).agg(*counts)
    return _per_window(summed, "recurring", [(w.name, 0, F.col(w.name)) for w in _NEAREST])


def _to_farther(rows: DataFrame, gap: Column) -> DataFrame:
    """All other windows: one count per age, from the history bits."""
    ages = [(w, age) for w in WINDOWS if w not in _NEAREST for age in range(w.day_from, w.day_to + 1)]
    counts = (
        F.count_if(_was_active(age) & (gap > age - w.day_from)).alias(f"{w.name}_{age}") for w, age in ages
    )
    summed = rows.groupBy(F.col("event_date").alias("cohort_date"), *SCOPE_KEY).agg(*counts)
    return _per_window(summed, "recurring", [(w.name, age, F.col(f"{w.name}_{age}")) for w, age in ages])


def _was_active(age: int) -> Column:
    return F.shiftright("history_bits", age).bitwiseAND(F.lit(1)) == 1


def _per_window(summed: DataFrame, kind: str, counts: list[tuple[str, int, Column]]) -> DataFrame:
    """One row per count; its cohort lies `age` days before the row's date."""
    back = F.explode(
        F.array(
            *(
                F.struct(F.lit(name).alias("retention_window"), F.lit(age).alias("age"), users.alias("users"))
                for name, age, users in counts
            )
        )
    ).alias("back")
    rows = summed.select("cohort_date", *SCOPE_KEY, back)
    return rows.select(
        F.date_sub("cohort_date", F.col("back.age")).alias("cohort_date"), *SCOPE_KEY,
        F.lit(kind).alias("cohort_kind"), "back.retention_window", "back.users",
    )  # fmt: skip
