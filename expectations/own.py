"""Rules that say more than a contract implies, one line each: by table, and by identity between tables."""

from __future__ import annotations

from expectations.rule import Rule, at_least, equal, not_below, same

RULES: dict[str, tuple[Rule, ...]] = {
    "reports.activity_daily": (
        at_least("wau", "dau", "a user of the day is a user of its week"),
        at_least("mau28", "wau", "a user of the week is a user of the 28 days"),
        at_least("mau30", "mau28", "a user of the 28 days is a user of the 30 days"),
        at_least("dau", "new_to_scope", "a new user is active on the day"),
        at_least("new_to_scope", "new_to_platform", "who is new to the platform is new to every scope"),
        at_least("dau", "unique_only_here", "users of only this member are among its users"),
        at_least("events", "dau", "an active user has at least one event"),
    ),
    "reports.overview": (
        at_least("wau", "dau", "a user of the day is a user of its week"),
        at_least("mau28", "wau", "a user of the week is a user of the 28 days"),
    ),
    "reports.retention": (
        at_least("cohort_size", "retained_so_far", "who returns belongs to the cohort"),
        equal("retained", "retained_so_far", "a closed window has no more to come"),
    ),
}

IDENTITIES: dict[str, Rule] = {
    "accepted": same(
        "the rows of clean.events are the accepted activity records of ops.ingest_balance and the late ones of ops.late_entry"
    ),
    "events": same("every row of clean.events is counted as event, exposure, anonymous or excluded"),
    "segments": same("light, medium, regular and core sum to mau28"),
    "engagement": same("users by number of active days sum to mau28"),
    "event_types": same("events and exposures of all event types sum to those of the scope"),
    "user_days": same("active days times users sum to user_days_28"),
    "cohorts": same("cohort sizes are dau and new_to_scope of the cohort date"),
    "scopes_below_all": not_below("no member, and not all listed together, has more users than the platform"),
    "scopes_cover_all": not_below("members, unknown and unassigned cover every user"),
    "overview": same("the overview of everything is activity_daily of everything"),
    "unbounded": not_below("a longer window holds every return of a shorter one inside it"),
    "closed_windows": same("retained is known exactly where the window is closed"),
    "cash": same("net_cash is gmv_paid minus refunds"),
    "orders": same(
        "orders and gmv_paid of a day are the number and the money of the accepted orders paid on it"
    ),
    "refunds": same("refunds of a day are the money of the accepted refunds of it"),
    "registrations": same("registered_users grows by new_registered from day to day"),
    "lines": same(
        "gmv_paid of a day is the sum of the day's order lines; shipping and discounts differ", "warning"
    ),
}
"""Identity → the rule on its frame of (left, right); the frames are built by `jobs.check.identities`."""
