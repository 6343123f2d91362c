"""Orders: states of an order, with lines nested in them or not; or lines that an order is the sum of."""

import re

from schemas.clean.orders import ORDER_LINES, ORDER_STATES, ORDERS
from schemas.kinds.declaration import Grain, Kind, NestedLines, Sums
from schemas.kinds.recognition import AMOUNT, ORDER, Recognition

ORDERS_KIND = Kind(
    name="orders",
    grains=(
        Grain(
            name="order",
            nature="state",
            table=ORDERS,
            key="order_id",
            must_map=("amount", "paid_at"),
            must_have=("amount",),
            version="updated_at",
            states=ORDER_STATES,
            lines=NestedLines(ORDER_LINES, must_have=("amount",)),
        ),
        Grain(
            name="line",
            nature="fact",
            table=ORDER_LINES,
            key="line_id",
            must_map=("order_id", "amount", "paid_at"),
            must_have=("order_id", "amount"),
            sums=Sums(ORDERS, amount="amount", dated=("created_at", "updated_at")),
        ),
    ),
    instant="paid_at",
    day="order_date",
    recognition=Recognition(
        rank=2,
        columns=(ORDER, AMOUNT),
        key=ORDER,
        drafted=("user_id", "paid_at", "amount"),
        alike={"order_id": ORDER, "amount": AMOUNT, "paid_at": re.compile("pay|paid", re.I)},
    ),
)
