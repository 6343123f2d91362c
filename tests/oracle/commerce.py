"""Orders, money and registrations per day by plain sums."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from tests.oracle.activity import Row, dates
from tests.oracle.world import Order, Refund, Registration


def orders_daily(
    orders: Iterable[Order],
    refunds: Iterable[Refund],
    users: Iterable[Registration],
    first: date,
    last: date,
    closed_through: date,
    mapped: frozenset[str],
) -> list[Row]:
    """reports.orders_daily; what comes from a kind that is not mapped is NULL."""
    return [
        _row(list(orders), list(refunds), list(users), day, mapped)
        | {"is_complete": day <= closed_through, "definition_hash": "hash"}
        for day in dates(first, last)
    ]


def _row(
    orders: list[Order], refunds: list[Refund], users: list[Registration], day: date, mapped: frozenset[str]
) -> Row:
    paid = [order for order in orders if order.paid == day]
    gmv = sum((order.amount for order in paid), Decimal(0))
    back = sum((refund.amount for refund in refunds if refund.day == day), Decimal(0))
    row: Row = {"order_date": day, "scope_type": "all", "scope_id": "all"}
    has = {kind: kind in mapped for kind in ("orders", "refunds", "users")}
    row["orders"] = len(paid) if has["orders"] else None
    row["buyers"] = len({o.user_id for o in paid if o.user_id is not None}) if has["orders"] else None
    row["gmv_paid"] = gmv if has["orders"] else None
    row["refunds"] = back if has["refunds"] else None
    row["net_cash"] = gmv - back if has["orders"] and has["refunds"] else None
    row["new_registered"] = len({u.user_id for u in users if u.day == day}) if has["users"] else None
    until = {u.user_id for u in users if u.day is not None and u.day <= day}
    row["registered_users"] = len(until) if has["users"] else None
    return row
