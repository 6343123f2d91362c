"""Refunds: money that was paid back, or lines that a refund is the sum of."""

import re

from schemas.clean.refunds import REFUND_LINES, REFUNDS
from schemas.kinds.declaration import Grain, Kind, Sums
from schemas.kinds.recognition import AMOUNT, Recognition

_REFUND = re.compile(r"refund_?(id|no|number)$", re.I)

REFUNDS_KIND = Kind(
    name="refunds",
    grains=(
        Grain(
            name="order",
            nature="fact",
            table=REFUNDS,
            key="refund_id",
            must_map=("amount", "refunded_at"),
            must_have=("amount", "refunded_at"),
        ),
        Grain(
            name="line",
            nature="fact",
            table=REFUND_LINES,
            key="line_id",
            must_map=("refund_id", "amount", "refunded_at"),
            must_have=("refund_id", "amount", "refunded_at"),
            sums=Sums(REFUNDS, amount="amount"),
        ),
    ),
    instant="refunded_at",
    day="refund_date",
    recognition=Recognition(
        rank=1,
        columns=(_REFUND, AMOUNT),
        key=_REFUND,
        drafted=("user_id", "refunded_at", "amount"),
    ),
)
