"""Events by event type, from the counts that the facts are made from: the facts themselves do not know event types."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from jobs.arrival.report_window import ReportWindow
from jobs.reports.activity import KEYS, spine
from jobs.reports.engine import conform, measure
from schemas.facts.user_scope_day import SCOPE_KEY
from schemas.metrics.event_types import EVENT_TYPES, EVENTS_BY_TYPE
from schemas.reports.events_daily import EVENTS_DAILY_REPORT


def events_daily_frame(by_type: DataFrame, members: DataFrame, context: ReportWindow) -> DataFrame:
    """reports.events_daily for the days of the context, which are those of `by_type`."""
    of_users = by_type.where("user_id IS NOT NULL AND (events > 0 OR exposures > 0)")
    types = F.sum((F.col("events") > 0).cast("int")).over(
        Window.partitionBy("user_id", "event_date", *SCOPE_KEY)
    )
    rows = of_users.withColumns({"other_types": types - 1, "activity_date": F.col("event_date")})
    keys = [*KEYS, "event_type"]
    owed = spine(members, context, "activity_date").join(rows.select(*keys).distinct(), KEYS)
    stamped = owed.withColumns(
        {
            "is_complete": F.col("activity_date") <= F.lit(context.closed_through),
            "definition_hash": F.lit(context.definition_hash),
        }
    )
    return conform(measure(stamped, {EVENT_TYPES: (rows, keys)}, EVENTS_BY_TYPE), EVENTS_DAILY_REPORT)
