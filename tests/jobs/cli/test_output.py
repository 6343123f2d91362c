"""Rows are printed as csv and json that other programs read, and as a table that a person reads."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa

from jobs.cli.output import rendered

ROW = pa.table(
    {
        "order_date": [date(2026, 3, 1)],
        "orders": [1],
        "gmv_paid": pa.array([None], pa.decimal128(18, 2)),
        "is_complete": [True],
    }
)


def test_json_holds_iso_dates_numbers_and_null() -> None:
    assert json.loads(rendered(ROW, "json")) == [
        {"order_date": "2026-03-01", "orders": 1, "gmv_paid": None, "is_complete": True}
    ]


def test_json_holds_decimals_as_numbers_instants_as_text_and_an_empty_list_for_no_rows() -> None:
    rows = pa.table(
        {
            "money": pa.array([Decimal("572713.89"), None], pa.decimal128(18, 2)),
            "rate": [0.25, None],
            "at": pa.array([datetime(2026, 3, 1, 12, tzinfo=UTC), None], pa.timestamp("us", "UTC")),
            "name": ['寻宝图 "a"', None],
        }
    )
    assert rendered(rows, "json") == (
        '[{"money": 572713.89, "rate": 0.25, "at": "2026-03-01T12:00:00+00:00", "name": "寻宝图 \\"a\\""},\n'
        ' {"money": null, "rate": null, "at": null, "name": null}]\n'
    )
    assert rendered(rows.slice(0, 0), "json") == "[]\n"


def test_numbers_that_json_does_not_know_are_null() -> None:
    rows = pa.table({"rate": [float("nan"), float("inf")]})
    assert json.loads(rendered(rows, "json")) == [{"rate": None}, {"rate": None}]


def test_csv_leaves_null_empty() -> None:
    assert rendered(ROW, "csv") == "order_date,orders,gmv_paid,is_complete\n2026-03-01,1,,true\n"
