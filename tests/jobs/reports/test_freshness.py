"""What is told of tables that are about to be published, and read again when they are."""

from __future__ import annotations

from datetime import date

from jobs.reports.freshness import StagedTable, build, promised_versions
from schemas.reports.freshness import FRESHNESS

ARRIVED, CLOSED = date(2026, 3, 3), date(2026, 3, 1)
STAGED = (
    StagedTable("reports.overview", ARRIVED, CLOSED, 4),
    StagedTable("reports.dim_date", ARRIVED, None, 2),
    StagedTable("reports.orders_daily", None, CLOSED, 1),
)


def test_every_staged_table_has_a_row_with_its_days_and_its_version_to_be() -> None:
    rows = build(STAGED)[FRESHNESS]
    assert [tuple(row.values()) for row in rows.to_pylist()] == [
        ("reports.overview", ARRIVED, CLOSED, 4),
        ("reports.dim_date", ARRIVED, None, 2),
        ("reports.orders_daily", None, CLOSED, 1),
    ]
    assert promised_versions({FRESHNESS.name: rows}) == {
        "reports.overview": 4,
        "reports.dim_date": 2,
        "reports.orders_daily": 1,
    }


def test_nothing_is_promised_where_no_freshness_is_staged() -> None:
    assert promised_versions({}) == {}
