"""Activity, engagement and overview of three events."""

from __future__ import annotations

from tests.jobs.reports.three_events import DAY, NEXT, shown
from tests.oracle.activity import Row


def test_a_scope_has_its_users_and_events_of_each_day(reports: dict[str, list[Row]]) -> None:
    columns = "activity_date events dau wau new_to_scope unique_only_here is_complete"
    assert shown(reports["reports.activity_daily"], columns, scope_type="scene", scope_id="home") == [
        (DAY, 1, 1, 1, 1, 1, True),
        (NEXT, 1, 1, 1, 0, 1, False),
    ]
    assert shown(reports["reports.activity_daily"], columns, scope_type="all") == [
        (DAY, 1, 1, 1, 1, 1, True),
        (NEXT, 2, 2, 2, 1, 2, False),
    ]


def test_users_are_told_by_their_number_of_active_days(reports: dict[str, list[Row]]) -> None:
    rows = shown(reports["reports.engagement"], "active_days users", scope_type="all", activity_date=NEXT)
    assert rows == [(1, 1), (2, 1), *((days, 0) for days in range(3, 29))]


def test_the_overview_counts_users_of_listed_members(reports: dict[str, list[Row]]) -> None:
    assert shown(reports["reports.overview"], "scope_type events dau", activity_date=NEXT) == [
        ("all", 2, 2),
        ("scene", 1, 1),
        ("service", 0, 0),
        ("tool", 0, 0),
    ]
