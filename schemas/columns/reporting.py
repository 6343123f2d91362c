"""Columns of facts and reports that are not metrics: history, windows, completeness."""

from schemas.contract import Column

REPORTING = (
    Column(
        "history_bits",
        "bigint",
        "Bit n is set if the user was active in the scope n days before, n = 0 to 62.",
    ),
    Column(
        "other_scopes",
        "int",
        "Other members of the type in which the user was active that day, without unassigned.",
        "members",
    ),
    Column("active_days", "int", "Active days among the 28 that end on the activity date, 1 to 28.", "days"),
    Column(
        "cohort_kind",
        "string",
        "Who is in the cohort: first activity in the scope, or any activity that day.",
        allowed=("first_ever", "recurring"),
    ),
    Column("retention_window", "string", "Name of the window of days after the cohort date."),
    Column("day_from", "int", "First day of the window, counted from the cohort date.", "days"),
    Column("day_to", "int", "Last day of the window, counted from the cohort date.", "days"),
    Column("is_complete", "boolean", "Every source day that the row depends on is closed."),
    Column("is_left_censored", "boolean", "Less than a full window of history lies before the row's day."),
    Column("definition_hash", "string", "Identity of the definitions that made the row's numbers."),
)
