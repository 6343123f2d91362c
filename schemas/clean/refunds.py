"""Refunds, and their lines where the source's records are lines."""

from schemas.columns import COLUMNS
from schemas.contract import Table, pick

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
