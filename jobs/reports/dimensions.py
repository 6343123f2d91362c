"""Names for people: reports.dim_scope and reports.dim_date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pyarrow as pa

from conf.scopes import FIXED_SCOPES, RESERVED_CODES
from jobs.calendar.dates import dates
from jobs.lake.arrow import to_arrow
from jobs.reports.inputs import FamilyInputs
from schemas.clean.members import MEMBERS
from schemas.reports.declaration import Report
from schemas.reports.dimensions import DIM_DATE, DIM_SCOPE


def build(inputs: FamilyInputs) -> Mapping[Report, pa.Table]:
    """Every report of the family."""
    first, last = inputs.deployment.history_start, inputs.deployment.last_arrival
    return {
        DIM_SCOPE: dim_scope(inputs.rows(MEMBERS), first),
        DIM_DATE: dim_date(first, last, inputs.deployment.special_days),
    }


def dim_scope(members: pa.Table, first: date) -> pa.Table:
    """Rows of reports.dim_scope: the members, and the scopes that stand for all, unknown and unassigned."""
    rows = [
        {"scope_type": t, "scope_id": i, "name_en": RESERVED_CODES[i][0], "name_zh": RESERVED_CODES[i][1], "class": "none",
         "owner": "data-platform", "valid_from": first}
        for t, i in FIXED_SCOPES
    ]  # fmt: skip
    return to_arrow(DIM_SCOPE, rows + members.to_pylist())


def dim_date(first: date, last: date, special_days: Mapping[date, str]) -> pa.Table:
    """Rows of reports.dim_date, both ends included."""
    return to_arrow(DIM_DATE, [_day(day, special_days.get(day)) for day in dates(first, last)])


def _day(day: date, special: str | None) -> dict[str, object]:
    year, week, weekday = day.isocalendar()
    return {
        "calendar_date": day,
        "iso_year": year,
        "iso_week": week,
        "week_start_date": day - timedelta(days=weekday - 1),
        "month": day.strftime("%Y-%m"),
        "weekday": weekday,
        "is_weekend": weekday >= 6,
        "special_day": special,
    }
