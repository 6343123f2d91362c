"""Identities of retention: cohorts are the users of their date, and windows lie in one another."""

from __future__ import annotations

import pandas as pd

from jobs.check.evidence import Evidence
from jobs.check.identities.identity import Frames, Identity, sides
from schemas.facts.user_scope_day import SCOPE_KEY
from schemas.metrics.retention import WINDOWS
from schemas.reports.activity import ACTIVITY_DAILY
from schemas.reports.retention import RETENTION_REPORT

_INSIDE = [
    (longer.name, shorter.name)
    for longer in WINDOWS
    for shorter in WINDOWS
    if longer is not shorter and longer.day_from <= shorter.day_from and shorter.day_to <= longer.day_to
]


def _cohorts(frames: Frames, evidence: Evidence) -> pd.DataFrame:
    """Cohorts of days before the staged ones are held against what is published of those days."""
    first, before = evidence.days[RETENTION_REPORT.name][0], evidence.days[ACTIVITY_DAILY.name][0]
    earlier = evidence.published(ACTIVITY_DAILY, first, before)
    both = pd.concat([earlier, frames[ACTIVITY_DAILY.name]], ignore_index=True)
    days = both[["activity_date", *SCOPE_KEY, "dau", "new_to_scope"]].rename(
        columns={"activity_date": "cohort_date"}
    )
    rows = frames[RETENTION_REPORT.name].merge(days, on=["cohort_date", *SCOPE_KEY], how="left")
    size = rows["dau"].where(rows["cohort_kind"] == "recurring", rows["new_to_scope"])
    return sides(rows["cohort_size"], size)


def _unbounded(frames: Frames, _: Evidence) -> pd.DataFrame:
    keys = ["cohort_date", *SCOPE_KEY, "cohort_kind"]
    seen = frames[RETENTION_REPORT.name].pivot(
        index=keys, columns="retention_window", values="retained_so_far"
    )
    return pd.concat([sides(seen[longer], seen[shorter]) for longer, shorter in _INSIDE], ignore_index=True)


def _closed_windows(frames: Frames, _: Evidence) -> pd.DataFrame:
    rows = frames[RETENTION_REPORT.name]
    return sides(rows["is_complete"], rows["retained"].notna())


BUILDERS = {
    "cohorts": Identity(_cohorts, (ACTIVITY_DAILY, RETENTION_REPORT)),
    "unbounded": Identity(_unbounded, (RETENTION_REPORT,)),
    "closed_windows": Identity(_closed_windows, (RETENTION_REPORT,)),
}
