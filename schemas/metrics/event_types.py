"""Activity of a scope on a day by event type; shows a tracking fault, which the sums over all types hide.

Sources and their rows:
    event types: per activity date, scope, event type and known user the events and exposures, and other_types:
        other event types of which the user had qualifying events in the scope on the day.
"""

from dataclasses import replace

from schemas.metrics.activity import EVENTS, EXPOSURES
from schemas.metrics.declaration import Metric

EVENT_TYPES = "event types"

EVENTS_BY_TYPE = (
    replace(EVENTS, source=EVENT_TYPES),
    replace(EXPOSURES, source=EVENT_TYPES),
    Metric(
        "dau",
        "Users with at least one qualifying event on the day.",
        "users",
        EVENT_TYPES,
        "count_if(events > 0)",
    ),
    Metric(
        "single_type_users",
        "Active users of whom every qualifying event of the day in the scope is of this type.",
        "users",
        EVENT_TYPES,
        "count_if(events > 0 and other_types = 0)",
    ),
)
