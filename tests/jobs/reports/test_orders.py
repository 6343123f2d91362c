"""Every cell of reports.orders_daily equals the oracle's, money to the cent."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from pyspark.sql import SparkSession

from jobs.arrival.report_window import ReportWindow
from jobs.reports.orders import orders_daily_frame
from schemas.clean.orders import ORDERS
from schemas.clean.refunds import REFUNDS
from schemas.clean.users import USERS
from tests.oracle.commerce import orders_daily
from tests.oracle.world import Order, Refund, Registration
from tests.properties.frames import after, assert_same, frame, rows
from tests.properties.logs import START

KINDS = frozenset({"orders", "refunds", "users"})


@pytest.mark.parametrize("mapped", [KINDS, frozenset({"orders"}), frozenset({"orders", "refunds"})])
def test_orders_refunds_and_registrations_give_every_cell(
    spark: SparkSession, mapped: frozenset[str]
) -> None:
    random = Random(3)
    paid = [None if n % 9 == 0 else after(START, random.randrange(-5, 25)) for n in range(80)]
    orders = [
        Order(f"o{n}", random.choice(("a", "b", "c", None)), day, Decimal(random.randrange(1, 10**6)) / 100)
        for n, day in enumerate(paid)
    ]
    refunds = [
        Refund(f"r{n}", after(START, random.randrange(25)), Decimal(n * 7 + 1) / 100) for n in range(20)
    ]
    users = [
        Registration(f"u{n}", None if n % 7 == 0 else after(START, random.randrange(-20, 30)))
        for n in range(40)
    ]
    last, closed = after(START, 19), after(START, 16)
    built = orders_daily_frame(
        frame(spark, ORDERS, [{"order_id": o.order_id, "user_id": o.user_id, "order_date": o.paid, "amount": o.amount} for o in orders]),
        frame(spark, REFUNDS, [{"refund_id": r.refund_id, "refund_date": r.day, "amount": r.amount} for r in refunds]),
        frame(spark, USERS, [{"user_id": u.user_id, "valid_from": START, "registered_date": u.day} for u in users]),
        ReportWindow(START, last, START, last, last, closed, "hash"), mapped,
    )  # fmt: skip
    assert_same(
        "reports.orders_daily", rows(built), orders_daily(orders, refunds, users, START, last, closed, mapped)
    )
