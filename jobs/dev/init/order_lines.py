"""A file of order lines, such as a till's: its lines are activity, orders, refunds and a list of users at once."""

from __future__ import annotations

import re

from conf.reading import OPEN
from jobs.dev.init.guess import column, column_like, instant
from jobs.dev.init.sample import Sample
from schemas.kinds.recognition import ORDER

_QUANTITY, _PRICE = re.compile(r"quantity|qty", re.I), re.compile(r"price", re.I)


def holds_order_lines(sample: Sample) -> bool:
    """The file has an order, a quantity and a price in each record."""
    return all(column(sample, pattern) for pattern in (ORDER, _QUANTITY, _PRICE))


def order_line_feeds(sample: Sample) -> list[str]:
    """The feeds of the four kinds; which lines are refunds is left open."""
    order, quantity, price = (column(sample, pattern) for pattern in (ORDER, _QUANTITY, _PRICE))
    user, item = column_like(sample, "user_id") or f"{OPEN}  # a column", column_like(sample, "item_id")
    at = instant(sample, "event_at") or f"{OPEN}  # the column of the instant, as {{column: NAME, time: iso}}"
    item_line = [f"      item_id: {item}"] if item else []
    filters = ["    filters:", f"      no_customer: {user.split()[0]} IS NULL"]
    is_refund = f"startswith({order}, '{OPEN}')"
    return [
        "  activity:", "    kind: activity", f"    input: {sample.name}", "    key: position", *filters,
        f"      credit_note: {is_refund}", "    columns:", f"      user_id: {user}", f"      event_at: {at}",
        "      event_type: {constant: order_line}", f"      scene_id: {OPEN}  # a column, or remove the line",
        *item_line,
        "  orders:", "    kind: orders", f"    input: {sample.name}", "    key: position", "    grain: line", *filters,
        f"      credit_note: {is_refund}", "    columns:", f"      order_id: {order}", f"      user_id: {user}",
        f"      paid_at: {at}", *item_line, f"      quantity: {quantity}", f"      unit_price: {price}",
        f"      amount: {{expression: {quantity} * {price}}}",
        "  refunds:", "    kind: refunds", f"    input: {sample.name}", "    key: position", "    grain: line", *filters,
        f"      invoice: NOT {is_refund}", "    columns:", f"      refund_id: {order}", f"      user_id: {user}",
        f"      refunded_at: {at}", f'      amount: {{expression: "-({quantity} * {price})"}}',
        "  users:", "    kind: users", f"    input: {sample.name}", f"    key: {{column: {user.split()[0]}}}", *filters,
        "    columns: {}",
    ]  # fmt: skip
