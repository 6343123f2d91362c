"""Two public data sets give the numbers that independent SQL gives."""

from __future__ import annotations

import os

import pytest

from schemas.clean.refunds import REFUND_LINES, REFUNDS

from .conftest import Publish, Published

needs_samples = pytest.mark.skipif(
    "ACTIVELAKE_SAMPLES" not in os.environ, reason="ACTIVELAKE_SAMPLES does not name the samples' folder"
)


@pytest.fixture(scope="module")
def retail(publish: Publish) -> Published:
    return publish("online_retail", os.environ["ACTIVELAKE_SAMPLES"])


@pytest.fixture(scope="module")
def ecom(publish: Publish) -> Published:
    return publish("ecom", os.environ["ACTIVELAKE_SAMPLES"])


@needs_samples
def test_every_line_of_online_retail_is_accounted_for(retail: Published) -> None:
    rows = retail(
        "select outcome, reason, sum(records)::int from ingest_balance where source = 'online_retail.activity' group by all order by all"
    )
    assert rows == [
        ("accepted", "", 47392),
        ("filtered", "credit_note", 1370),
        ("filtered", "no_customer", 28866),
    ]
    assert sum(int(str(row[2])) for row in rows) == 77628
    assert retail("select sum(orders)::int from orders_daily") == [(2387,)]
    assert (retail.count(REFUNDS), retail.count(REFUND_LINES)) == (557, 1370)
    assert retail("select count(*) from dim_scope where scope_type = 'scene' and class = 'discovered'") == [
        (25,)
    ]


@needs_samples
def test_activity_of_online_retail_is_known(retail: Published) -> None:
    text = "select dau, wau, mau28 from activity_daily where scope_type = '{}' and scope_id = '{}' and activity_date = '{}'"
    assert retail("select sum(events)::int from activity_daily where scope_type = 'all'") == [(47392,)]
    assert retail(
        "select events, dau from activity_daily where scope_id = 'all' and activity_date = '2010-12-01'"
    ) == [(1942, 95)]
    assert retail(text.format("all", "all", "2010-12-31")) == [(0, 0, 739)]
    assert retail(text.format("all", "all", "2011-01-20")) == [(30, 189, 487)]
    assert retail(text.format("all", "all", "2011-01-31")) == [(50, 250, 741)]
    assert retail(text.format("scene", "Germany", "2011-01-31")) == [(4, 12, 28)]
    assert retail(text.format("scene", "United Kingdom", "2010-12-31")) == [(0, 0, 681)]


@needs_samples
def test_retention_of_online_retail_is_known(retail: Published) -> None:
    text = (
        "select cohort_size, retained_so_far from retention where scope_type = 'all' and cohort_kind = '{}'"
        " and cohort_date = '{}' and retention_window = '{}'"
    )
    assert retail(text.format("first_ever", "2010-12-01", "D7")) == [(95, 10)]
    assert retail(text.format("first_ever", "2010-12-01", "W1")) == [(95, 25)]
    assert retail(text.format("first_ever", "2010-12-01", "W4")) == [(95, 5)]
    assert retail(text.format("first_ever", "2010-12-06", "D7")) == [(70, 3)]
    assert retail(text.format("first_ever", "2010-12-06", "W4")) == [(70, 0)]
    assert retail(text.format("recurring", "2011-01-05", "D7")) == [(45, 3)]
    assert retail(text.format("first_ever", "2010-12-01", "unbounded_1_60")) == [(95, 51)]
    assert retail(text.format("first_ever", "2010-12-01", "unbounded_7_60")) == [(95, 48)]


@needs_samples
def test_histogram_and_money_of_online_retail_are_known(retail: Published) -> None:
    histogram = retail(
        "select active_days, users from engagement where scope_type = 'all' and activity_date = '2011-01-31'"
        " and users > 0 order by 1"
    )
    assert histogram == [(1, 614), (2, 90), (3, 21), (4, 9), (5, 1), (6, 2), (7, 1), (8, 2), (10, 1)]
    money = retail(
        "select strftime(order_date, '%Y-%m') m, sum(gmv_paid)::varchar, sum(refunds)::varchar from orders_daily"
        " group by 1 order by 1"
    )
    assert money == [("2010-12", "572713.89", "18109.87"), ("2011-01", "569445.04", "94370.66")]


@needs_samples
def test_ecom_is_known(ecom: Published) -> None:
    rows = ecom(
        "select scope_id, dau, wau, mau28 from activity_daily where activity_date = '2024-05-15'"
        " and scope_id in ('all', 'wishlist_add', 'support_chat', 'search') order by 1"
    )
    assert rows == [
        ("all", 29, 183, 469),
        ("search", 17, 138, 370),
        ("support_chat", 2, 14, 43),
        ("wishlist_add", 3, 40, 148),
    ]
    assert ecom("select sum(events)::int from activity_daily where scope_type = 'all'") == [(31106,)]
    assert ecom(
        "select sum(cohort_size)::int from retention where scope_type = 'all' and cohort_kind = 'first_ever'"
        " and retention_window = 'D1'"
    ) == [(600,)]
    histogram = (
        "select active_days, users from engagement where scope_type = 'all' and activity_date = '2024-05-15'"
        " and users > 0 order by 1"
    )
    assert ecom(histogram) == [(1, 205), (2, 148), (3, 71), (4, 38), (5, 5), (6, 2)]
    recurring = (
        "select retention_window, cohort_size, retained from retention where scope_type = 'all'"
        " and cohort_date = '2024-05-01' and cohort_kind = 'recurring' and retention_window in ('W1', 'D30') order by 1"
    )
    assert ecom(recurring) == [("D30", 26, 1), ("W1", 26, 15)]
