"""Orders in their latest state, refunds, and the lines of both."""

from schemas.columns import COLUMNS
from schemas.contract import Table, pick

ORDERS = Table(
    name="clean.orders",
    grain="One row per order, in its latest known state.",
    key=("order_id",),
    columns=pick(
        COLUMNS,
        "order_id user_id? status? created_at? paid_at? order_date? updated_at? amount touch_id?"
        " arrival_date source file position",
    ),
    owner="commerce-data",
    day="order_date",
)

ORDER_LINES = Table(
    name="clean.order_lines",
    grain="One row per line of an order, as in the order's latest known state.",
    key=("order_id", "line_id"),
    columns=pick(
        COLUMNS,
        "order_id line_id user_id? item_id? merchant_id? quantity? unit_price? amount paid_at? order_date?"
        " arrival_date source file position",
    ),
    owner="commerce-data",
    day="order_date",
)

REFUNDS = Table(
    name="clean.refunds",
    grain="One row per refund.",
    key=("refund_id",),
    columns=pick(
        COLUMNS,
        "refund_id order_id? user_id? amount refunded_at refund_date arrival_date source file position",
    ),
    owner="commerce-data",
    day="refund_date",
)

REFUND_LINES = Table(
    name="clean.refund_lines",
    grain="One row per line of a refund, where the source's records are lines.",
    key=("refund_id", "line_id"),
    columns=pick(
        COLUMNS,
        "refund_id line_id order_id? user_id? amount refunded_at refund_date arrival_date source file position",
    ),
    owner="commerce-data",
    day="refund_date",
)
