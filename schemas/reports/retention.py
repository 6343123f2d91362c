"""Retention per cohort date, scope, kind and window."""

from schemas.clean.members import MEMBERS
from schemas.facts.user_scope_day import USER_SCOPE_DAY
from schemas.metrics.retention import COHORT_KINDS, RETENTION, WINDOWS
from schemas.reports.declaration import report
from schemas.reports.family import Completeness, Family, Spine

RETENTION_FAMILY = Family(
    "retention",
    reads=(USER_SCOPE_DAY, MEMBERS),
    completeness=Completeness(required=frozenset({"activity"})),
    windows=tuple((window.name, window.day_from, window.day_to) for window in WINDOWS),
)

RETENTION_REPORT = report(
    "retention",
    "One row per cohort date, scope, group, cohort kind and retention window; empty cohorts have a row too.",
    "cohort_date scope_type scope_id group_type group_id cohort_kind retention_window",
    RETENTION,
    RETENTION_FAMILY,
    Spine("cohort_date", "scope", rows=len(COHORT_KINDS) * len(WINDOWS)),
    extra="day_from day_to",
)
