"""Activity of a scope on a day: scale and efficiency (definitions: inclusive windows of whole business days).

Sources and their rows:
    facts.user_scope_day: the day's active users (columns of the table, and activity_date).
    facts.scope_day: the day's events that make nobody active.
    window: rows of the 30 days that end on the activity date, as (days_ago, prev_days_ago, users): users whose
        activity `days_ago` days before the activity date followed on one `prev_days_ago` days before it.
    histogram: (active_days, users) among the 28 days that end on the activity date.
"""

from schemas.metrics.declaration import Derived, Metric, chosen

DAY = "facts.user_scope_day"
HISTOGRAM_DAYS = 28
"""Days among which active days are counted, up to and with the activity date."""
LONGEST_WINDOW = 30
"""Days of the longest window, that of mau30."""
SCOPE_DAY = "facts.scope_day"


def _window(days: int) -> str:
    """A user counts once: at the first activity inside the window, the one whose previous lies outside."""
    return f"sum(if(days_ago < {days} and coalesce(prev_days_ago >= {days}, true), users, 0))"


def _segment(low: int, high: int) -> str:
    return f"sum(if(active_days between {low} and {high}, users, 0))"


EVENTS = Metric(
    "events",
    "Qualifying events of known users; exposures do not count.",
    "events",
    DAY,
    "sum(events)",
    additive=True,
)
EXPOSURES = Metric(
    "exposures",
    "Events that were shown to known users and make nobody active.",
    "events",
    SCOPE_DAY,
    "sum(exposures)",
    additive=True,
)
ANONYMOUS_EVENTS = Metric(
    "anonymous_events",
    "Events without a user; in no user metric.",
    "events",
    SCOPE_DAY,
    "sum(anonymous_events)",
    additive=True,
    only="all",
)
EXCLUDED_EVENTS = Metric(
    "excluded_events",
    "Events of declared bots and staff; in no user metric.",
    "events",
    SCOPE_DAY,
    "sum(excluded_events)",
    additive=True,
    only="all",
)

ACTIVITY = (
    EVENTS,
    EXPOSURES,
    ANONYMOUS_EVENTS,
    EXCLUDED_EVENTS,
    Metric("dau", "Users with at least one qualifying event on the day.", "users", DAY, "count(*)"),
    Metric(
        "wau",
        "Users active on at least one of the 7 days that end on the day.",
        "users",
        "window",
        _window(7),
    ),
    Metric(
        "mau28",
        "Users active on at least one of the 28 days that end on the day.",
        "users",
        "window",
        _window(28),
    ),
    Metric(
        "mau30",
        "Users active on at least one of the 30 days that end on the day.",
        "users",
        "window",
        _window(LONGEST_WINDOW),
    ),
    Metric(
        "new_to_platform",
        "Active users whose first active day anywhere is this day.",
        "users",
        DAY,
        "count_if(platform_first_date = activity_date)",
    ),
    Metric(
        "new_to_scope",
        "Active users whose first active day in the scope is this day.",
        "users",
        DAY,
        "count_if(first_date = activity_date)",
    ),
    Metric(
        "unique_only_here",
        "Users active in no other member of the scope type on the day.",
        "users",
        DAY,
        "count_if(other_scopes = 0)",
    ),
    Metric(
        "user_days_28",
        "Sum of dau over the 28 days that end on the day.",
        "user days",
        "window",
        "sum(if(days_ago < 28, users, 0))",
    ),
    Metric("light", "Users active on 1 to 6 of the 28 days.", "users", "histogram", _segment(1, 6)),
    Metric("medium", "Users active on 7 to 13 of the 28 days.", "users", "histogram", _segment(7, 13)),
    Metric("regular", "Users active on 14 to 20 of the 28 days.", "users", "histogram", _segment(14, 20)),
    Metric("core", "Users active on 21 to 28 of the 28 days.", "users", "histogram", _segment(21, 28)),
    Derived(
        "events_per_active",
        "Qualifying events per active user of the day.",
        "events per user",
        "cast(events as double) / nullif(dau, 0)",
    ),
    Derived(
        "stickiness",
        "dau divided by mau28 of the same day.",
        "ratio",
        "cast(dau as double) / nullif(mau28, 0)",
    ),
    Derived(
        "stickiness_avg",
        "Mean dau of the 28 days divided by mau28.",
        "ratio",
        "cast(user_days_28 as double) / nullif(28 * mau28, 0)",
    ),
)

ENGAGEMENT = (
    Metric(
        "users",
        "Users with exactly that many active days among the 28.",
        "users",
        "histogram",
        "sum(users)",
        additive=False,
    ),
)

OVERVIEW = chosen(ACTIVITY, "events dau wau mau28 new_to_scope user_days_28 stickiness stickiness_avg")
