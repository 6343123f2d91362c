"""facts.user_listed_day: who was active in any listed member of a type, which reports.overview counts.

While facts and reports are computed these rows stand among those of the scopes, since every window is the same; in the
lake they have a table of their own, so that nobody who reads facts.user_scope_day counts a user twice.
"""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from conf.scopes import ALL, UNASSIGNED, UNKNOWN
from schemas.facts.user_listed_day import USER_LISTED_DAY
from schemas.facts.user_scope_day import USER_SCOPE_DAY

ANY_LISTED = " any listed"
"""Scope of these rows while they are computed. It begins with a blank, and codes are trimmed: no log can have it."""


def add_any_listed(counts: DataFrame) -> DataFrame:
    """Repeat what was counted in a listed member of a type in the scope of all listed members."""
    is_listed = (F.col("scope_type") != ALL) & ~F.col("scope_id").isin(UNKNOWN, UNASSIGNED)
    scope_ids = F.when(is_listed, F.array("scope_id", F.lit(ANY_LISTED))).otherwise(F.array("scope_id"))
    return counts.withColumn("scope_id", F.explode(scope_ids))


def split_tables(user_days: DataFrame) -> tuple[DataFrame, DataFrame]:
    """Rows of facts.user_scope_day and of facts.user_listed_day."""
    is_listed = F.col("scope_id") == ANY_LISTED
    return (
        user_days.where(~is_listed).select(*USER_SCOPE_DAY.names),
        user_days.where(is_listed).select(*USER_LISTED_DAY.names),
    )


def join_tables(user_scope_days: DataFrame, user_listed_days: DataFrame) -> DataFrame:
    """The rows of both tables as they are computed; other_scopes is NULL in the scope of all listed members."""
    marked = user_listed_days.withColumn("scope_id", F.lit(ANY_LISTED))
    return user_scope_days.unionByName(marked, allowMissingColumns=True)
