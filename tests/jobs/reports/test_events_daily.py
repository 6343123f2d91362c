"""Activity by event type of three events."""

from __future__ import annotations

from tests.jobs.reports.three_events import DAY, NEXT, shown
from tests.oracle.activity import Row


def test_a_scope_has_a_row_per_event_type_of_the_day_and_none_without_events(
    reports: dict[str, list[Row]],
) -> None:
    columns = "activity_date event_type events exposures dau single_type_users is_complete"
    assert shown(reports["reports.events_daily"], columns, scope_type="scene", scope_id="home") == [
        (DAY, "view", 1, 0, 1, 1, True),
        (NEXT, "like", 1, 0, 1, 1, False),
    ]
    assert shown(reports["reports.events_daily"], "scope_id", scope_type="tool") == [
        ("unassigned",), ("unassigned",), ("unassigned",),
    ]  # fmt: skip
