"""Retention of the cohorts of three events."""

from __future__ import annotations

from tests.jobs.reports.three_events import DAY, NEXT, shown
from tests.oracle.activity import Row


def test_a_cohort_knows_who_returned_and_its_rate_only_once_the_window_has_closed(
    reports: dict[str, list[Row]],
) -> None:
    columns = "cohort_date cohort_kind cohort_size retained_so_far retained rate is_complete"
    rows = reports["reports.retention"]
    assert shown(rows, columns, scope_type="all", retention_window="D1") == [
        (DAY, "first_ever", 1, 1, None, None, False),
        (DAY, "recurring", 1, 1, None, None, False),
        (NEXT, "first_ever", 1, 0, None, None, False),
        (NEXT, "recurring", 2, 0, None, None, False),
    ]
    assert shown(rows, "retained_so_far", scope_id="home", cohort_date=DAY, retention_window="D3") == [
        (0,),
        (0,),
    ]
