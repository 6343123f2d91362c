"""Who was active in any listed member of a scope type on which day, which the overview counts."""

from schemas.contract import Table
from schemas.facts.user_scope_day import USER_SCOPE_DAY

USER_LISTED_DAY = Table(
    name="facts.user_listed_day",
    grain="One row per user, scope type, group and day on which the user was active in at least one listed member.",
    key=("event_date", "scope_type", "group_type", "group_id", "user_id"),
    columns=tuple(
        column for column in USER_SCOPE_DAY.columns if column.name not in ("scope_id", "other_scopes")
    ),
    owner="data-platform",
    inputs=USER_SCOPE_DAY.inputs,
    day="event_date",
    partitioned=True,
    metric_columns=("events",),
)
