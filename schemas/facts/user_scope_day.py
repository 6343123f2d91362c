"""Who was active where on which day, with what the row knows about the past."""

from schemas.columns import COLUMNS
from schemas.contract import Table, pick
from schemas.metrics.activity import EVENTS
from schemas.metrics.declaration import as_column
from schemas.shared_frame import SharedFrame

SCOPE_KEY = ("scope_type", "scope_id", "group_type", "group_id")

USER_SCOPE_DAY = Table(
    name="facts.user_scope_day",
    grain="One row per user, scope, group and active day.",
    key=("event_date", *SCOPE_KEY, "user_id"),
    columns=(
        *pick(COLUMNS, "event_date scope_type scope_id group_type group_id user_id"),
        as_column(EVENTS),
        *pick(COLUMNS, "prev_date? first_date platform_first_date history_bits other_scopes"),
    ),
    owner="data-platform",
    inputs=("clean.events", "clean.users", "clean.members"),
    day="event_date",
    partitioned=True,
    metric_columns=("events",),
)

COUNTED_BY_TYPE = SharedFrame(
    "counted_by_type",
    "One row per computed day, scope, user (NULL included) and event type, with the counts that the facts are made from.",
    ("clean.events", "clean.users", "clean.members"),
)
