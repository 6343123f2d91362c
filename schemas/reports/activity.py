"""Activity reports: per scope and day, by number of active days, and over all listed members of a type."""

from schemas.metrics.activity import ACTIVITY, ENGAGEMENT, OVERVIEW
from schemas.reports.declaration import report

FACTS = ("facts.user_scope_day", "facts.scope_day")
SCOPE = "scope_type scope_id group_type group_id"

ACTIVITY_DAILY = report(
    "activity_daily",
    "One row per activity date, scope and group; every day and scope of the spine has a row.",
    f"activity_date {SCOPE}",
    ACTIVITY,
    FACTS,
    spine="scope_day",
)

ENGAGEMENT_REPORT = report(
    "engagement",
    "One row per activity date, scope, group and number of active days from 1 to 28; users sum to mau28.",
    f"activity_date {SCOPE} active_days",
    ENGAGEMENT,
    FACTS,
    spine="active_days",
)

OVERVIEW_REPORT = report(
    "overview",
    "One row per activity date and scope type, over users active in at least one listed member.",
    "activity_date scope_type",
    OVERVIEW,
    FACTS,
    spine="scope_type_day",
)
