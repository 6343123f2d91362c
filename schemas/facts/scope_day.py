"""A day's events of a scope that make nobody active."""

from schemas.columns import COLUMNS
from schemas.contract import Table, pick
from schemas.facts.user_scope_day import SCOPE_KEY
from schemas.metrics.activity import ANONYMOUS_EVENTS, EXCLUDED_EVENTS, EXPOSURES
from schemas.metrics.declaration import as_column

SCOPE_DAY = Table(
    name="facts.scope_day",
    grain="One row per scope, group and day with any event, counting events that make nobody active.",
    key=("event_date", *SCOPE_KEY),
    columns=(
        *pick(COLUMNS, "event_date scope_type scope_id group_type group_id"),
        *(as_column(metric) for metric in (EXPOSURES, ANONYMOUS_EVENTS, EXCLUDED_EVENTS)),
    ),
    owner="data-platform",
    inputs=("clean.events", "clean.users", "clean.members"),
    day="event_date",
    metric_columns=("exposures", "anonymous_events", "excluded_events"),
)
