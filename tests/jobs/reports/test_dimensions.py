"""Names and calendar of the published tables, worked out by hand."""

from __future__ import annotations

from datetime import date

from jobs.lake.arrow import to_arrow
from jobs.reports.dimensions import dim_date, dim_scope
from schemas.clean.members import MEMBERS

START = date(2026, 1, 1)


def test_every_scope_has_its_names_and_the_days_on_which_it_is_one() -> None:
    member = {
        "scope_type": "scene", "scope_id": "search", "name_en": "Search", "name_zh": "搜索", "class": "shopping",
        "owner": "search-team", "valid_from": date(2026, 2, 1), "valid_to": date(2026, 3, 1), "is_declared": True,
    }  # fmt: skip
    rows = {
        (row.pop("scope_type"), row.pop("scope_id")): tuple(row.values())
        for row in dim_scope(to_arrow(MEMBERS, [member]), START).to_pylist()
    }
    unknown = ("Code not listed", "未登记", "none", "data-platform", START, None)
    unassigned = ("No code", "未归属", "none", "data-platform", START, None)
    assert rows == {
        ("all", "all"): ("Everything", "全部", "none", "data-platform", START, None),
        ("scene", "unknown"): unknown, ("scene", "unassigned"): unassigned,
        ("tool", "unknown"): unknown, ("tool", "unassigned"): unassigned,
        ("service", "unknown"): unknown, ("service", "unassigned"): unassigned,
        ("scene", "search"): ("Search", "搜索", "shopping", "search-team", date(2026, 2, 1), date(2026, 3, 1)),
    }  # fmt: skip


def test_every_day_has_its_iso_week_also_where_the_year_turns() -> None:
    special = {date(2027, 1, 1): "元旦"}
    rows = [
        tuple(row.values()) for row in dim_date(date(2026, 12, 31), date(2027, 1, 4), special).to_pylist()
    ]
    week_53, week_1 = date(2026, 12, 28), date(2027, 1, 4)
    assert rows == [
        (date(2026, 12, 31), 2026, 53, week_53, "2026-12", 4, False, None),
        (date(2027, 1, 1), 2026, 53, week_53, "2027-01", 5, False, "元旦"),
        (date(2027, 1, 2), 2026, 53, week_53, "2027-01", 6, True, None),
        (date(2027, 1, 3), 2026, 53, week_53, "2027-01", 7, True, None),
        (date(2027, 1, 4), 2027, 1, week_1, "2027-01", 1, False, None),
    ]
