"""Activity reports: per scope and day, by number of active days, and over all listed members of a type."""

from schemas.clean.members import MEMBERS
from schemas.facts.scope_day import SCOPE_DAY
from schemas.facts.user_listed_day import USER_LISTED_DAY
from schemas.facts.user_scope_day import USER_SCOPE_DAY
from schemas.metrics.activity import ACTIVITY, ENGAGEMENT, HISTOGRAM_DAYS, LONGEST_WINDOW, OVERVIEW
from schemas.reports.declaration import report
from schemas.reports.family import Completeness, Family, Spine

ACTIVITY_FAMILY = Family(
    "activity",
    reads=(USER_SCOPE_DAY, USER_LISTED_DAY, SCOPE_DAY, MEMBERS),
    completeness=Completeness(required=frozenset({"activity"})),
    look_back_days=LONGEST_WINDOW - 1,
)
"""Also of reports that are declared elsewhere: all that have one row per day and scope, or scope type, are built in one pass."""
SCOPE = "scope_type scope_id group_type group_id"
PER_SCOPE = Spine("activity_date", "scope")
PER_SCOPE_TYPE = Spine("activity_date", "scope_type")

ACTIVITY_DAILY = report(
    "activity_daily",
    "One row per activity date, scope and group; every day and scope of the spine has a row.",
    f"activity_date {SCOPE}",
    ACTIVITY,
    ACTIVITY_FAMILY,
    PER_SCOPE,
)

ENGAGEMENT_REPORT = report(
    "engagement",
    "One row per activity date, scope, group and number of active days from 1 to 28; users sum to mau28.",
    f"activity_date {SCOPE} active_days",
    ENGAGEMENT,
    ACTIVITY_FAMILY,
    Spine("activity_date", "scope", rows=HISTOGRAM_DAYS),
)

OVERVIEW_REPORT = report(
    "overview",
    "One row per activity date and scope type, over users active in at least one listed member.",
    "activity_date scope_type",
    OVERVIEW,
    ACTIVITY_FAMILY,
    PER_SCOPE_TYPE,
)
