"""facts.user_scope_day: who was active where on which day, with what the row knows about the past."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from conf.scopes import ALL, CODE_COLUMNS, UNASSIGNED
from jobs.facts.user_history import USER_IN_SCOPE, with_history
from jobs.facts.user_listed_day import ANY_LISTED, add_any_listed
from schemas.facts.user_scope_day import USER_SCOPE_DAY


def user_days(by_type: DataFrame, prior: DataFrame | None) -> DataFrame:
    """One row per user, scope and active day, the scope of all listed members of a type among them.

    Args:
        by_type: `counted_by_type` of the days.
        prior: the same rows of the days before; None where nothing lies before them.
    """
    active = _per_user_and_scope(by_type.where("user_id IS NOT NULL")).where("events > 0")
    rows = _with_platform(with_history(_per_user_and_scope(add_any_listed(active)), prior))
    return rows.select(*USER_SCOPE_DAY.names)


def _per_user_and_scope(counts: DataFrame) -> DataFrame:
    """One row per event date, scope and user with the events."""
    return counts.groupBy("event_date", *USER_IN_SCOPE).agg(F.sum("events").alias("events"))


def _with_platform(rows: DataFrame) -> DataFrame:
    """Add what the user's rows in other scopes say of the day: other_scopes and platform_first_date.

    other_scopes are members of the type, without unassigned, in which the user was active besides this one.
    """
    is_member = (
        (F.col("scope_id") != UNASSIGNED) & (F.col("scope_id") != ANY_LISTED) & (F.col("scope_type") != ALL)
    )
    # One window with a count per type: a second one, by type, would go over every row once more.
    on_platform = Window.partitionBy("user_id", "event_date", "group_type", "group_id")
    members_of_type = [
        F.when(
            F.col("scope_type") == name,
            F.count_if(is_member & (F.col("scope_type") == name)).over(on_platform),
        )
        for name in CODE_COLUMNS
    ]
    first_anywhere = F.max(F.when(F.col("scope_type") == ALL, F.col("first_date")))
    return rows.withColumns(
        {
            "other_scopes": (F.coalesce(*members_of_type, F.lit(0)) - is_member.cast("int")).cast("int"),
            "platform_first_date": first_anywhere.over(on_platform),
        }
    )
