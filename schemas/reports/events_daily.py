"""Activity by event type."""

from schemas.metrics.event_types import EVENTS_BY_TYPE
from schemas.reports.declaration import report

EVENTS_DAILY_REPORT = report(
    "events_daily",
    "One row per activity date, scope, group and event type of which the scope had events on the day.",
    "activity_date scope_type scope_id group_type group_id event_type",
    EVENTS_BY_TYPE,
    ("clean.events", "clean.users", "clean.members"),
    stamps="is_complete definition_hash",
    spine="event_type",
)
