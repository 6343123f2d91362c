"""Retention per cohort date, scope, kind and window."""

from schemas.metrics.retention import RETENTION
from schemas.reports.declaration import report

RETENTION_REPORT = report(
    "retention",
    "One row per cohort date, scope, group, cohort kind and retention window; empty cohorts have a row too.",
    "cohort_date scope_type scope_id group_type group_id cohort_kind retention_window",
    RETENTION,
    ("facts.user_scope_day",),
    spine="cohort",
    extra="day_from day_to",
)
