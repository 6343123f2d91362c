"""Activity: windows that lie in one another, and sums over scopes and over numbers of active days."""

from expectations.rule import Rule, at_least, not_below, same

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
}

IDENTITIES: dict[str, Rule] = {
    "events": same("every row of clean.events is counted as event, exposure, anonymous or excluded"),
    "segments": same("light, medium, regular and core sum to mau28"),
    "engagement": same("users by number of active days sum to mau28"),
    "user_days": same("active days times users sum to user_days_28"),
    "scopes_below_all": not_below("no member, and not all listed together, has more users than the platform"),
    "scopes_cover_all": not_below("members, unknown and unassigned cover every user"),
    "overview": same("the overview of everything is activity_daily of everything"),
}
