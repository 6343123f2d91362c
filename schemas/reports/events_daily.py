"""Activity by event type."""

from schemas.clean.members import MEMBERS
from schemas.facts.user_scope_day import COUNTED_BY_TYPE
from schemas.metrics.event_types import EVENTS_BY_TYPE
from schemas.reports.declaration import report
from schemas.reports.family import Completeness, Family, Spine

EVENTS_DAILY_FAMILY = Family(
    "events_daily",
    reads=(COUNTED_BY_TYPE, MEMBERS),
    completeness=Completeness(required=frozenset({"activity"})),
)

EVENTS_DAILY_REPORT = report(
    "events_daily",
    "One row per activity date, scope, group and event type of which the scope had events on the day.",
    "activity_date scope_type scope_id group_type group_id event_type",
    EVENTS_BY_TYPE,
    EVENTS_DAILY_FAMILY,
    Spine("activity_date", "scope", is_sparse=True),
    stamps="is_complete definition_hash",
)
