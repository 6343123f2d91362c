"""Retention: who returns belongs to the cohort, and longer windows hold the shorter ones inside them."""

from expectations.rule import Rule, at_least, equal, not_below, same

RULES: dict[str, tuple[Rule, ...]] = {
    "reports.retention": (
        at_least("cohort_size", "retained_so_far", "who returns belongs to the cohort"),
        equal("retained", "retained_so_far", "a closed window has no more to come"),
    ),
}

IDENTITIES: dict[str, Rule] = {
    "cohorts": same("cohort sizes are dau and new_to_scope of the cohort date"),
    "unbounded": not_below("a longer window holds every return of a shorter one inside it"),
    "closed_windows": same("retained is known exactly where the window is closed"),
}
