"""facts.scope_day: a day's events of a scope that make nobody active."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from schemas.facts.scope_day import SCOPE_DAY
from schemas.facts.user_scope_day import SCOPE_KEY


def scope_days(by_type: DataFrame) -> DataFrame:
    """Rows of facts.scope_day: one row per scope, group and day with exposures, anonymous or excluded events.

    Args:
        by_type: `counted_by_type` of the days.
    """
    counts = by_type.groupBy("event_date", *SCOPE_KEY).agg(
        *(F.sum(name).alias(name) for name in SCOPE_DAY.metric_columns)
    )
    return counts.where(F.greatest(*SCOPE_DAY.metric_columns) > 0).select(*SCOPE_DAY.names)
