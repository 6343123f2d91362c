"""Orders in the state that holds, every state of them, and their lines."""

from schemas.columns import COLUMNS
from schemas.contract import Table, pick
from schemas.states import states_of

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
ORDER_STATES = states_of(ORDERS, "clean.order_states", "order")
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
