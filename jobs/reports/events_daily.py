"""Events by event type, from the counts that the facts are made from: the facts themselves do not know event types."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from jobs.arrival.report_window import ReportWindow
from jobs.reports.activity import KEYS, spine
from jobs.reports.engine import conform, measure
from jobs.reports.inputs import FamilyInputs
from schemas.clean.members import MEMBERS
from schemas.facts.user_scope_day import COUNTED_BY_TYPE, SCOPE_KEY
from schemas.metrics.event_types import EVENT_TYPES, EVENTS_BY_TYPE
from schemas.reports.declaration import Report
from schemas.reports.events_daily import EVENTS_DAILY_REPORT


def build(inputs: FamilyInputs) -> Mapping[Report, DataFrame]:
    """Every report of the family."""
    window = inputs.window(EVENTS_DAILY_REPORT)
    frame = events_daily_frame(inputs.frame(COUNTED_BY_TYPE), inputs.frame(MEMBERS), window)
    return {EVENTS_DAILY_REPORT: frame}


def events_daily_frame(by_type: DataFrame, members: DataFrame, window: ReportWindow) -> DataFrame:
    """reports.events_daily for the days of the window, which are those of `by_type`."""
    of_users = by_type.where("user_id IS NOT NULL AND (events > 0 OR exposures > 0)")
    types = F.sum((F.col("events") > 0).cast("int")).over(
        Window.partitionBy("user_id", "event_date", *SCOPE_KEY)
    )
    rows = of_users.withColumns({"other_types": types - 1, "activity_date": F.col("event_date")})
    keys = [*KEYS, "event_type"]
    expected = spine(members, window, "activity_date").join(rows.select(*keys).distinct(), KEYS)
    stamped = expected.withColumns(
        {
            "is_complete": F.col("activity_date") <= F.lit(window.closed_through),
            "definition_hash": F.lit(window.definition_hash),
        }
    )
    return conform(measure(stamped, {EVENT_TYPES: (rows, keys)}, EVENTS_BY_TYPE), EVENTS_DAILY_REPORT)
