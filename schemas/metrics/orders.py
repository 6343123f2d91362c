"""Orders, money and registrations of a day; money is exact decimal and additive.

Sources and their rows: the clean tables' rows of the day by order_date, refund_date, registered_date.
"""

from schemas.clean.users import USERS
from schemas.kinds import KIND_OF_TABLE
from schemas.metrics.declaration import Derived, Metric

MONEY = "decimal(18,2)"

ORDERS_DAILY = (
    Metric("orders", "Orders paid on the day.", "orders", "clean.orders", "count(*)", additive=True),
    Metric(
        "buyers",
        "Users with at least one order paid on the day.",
        "users",
        "clean.orders",
        "count(distinct user_id)",
    ),
    Metric(
        "gmv_paid",
        "Money of the orders paid on the day.",
        "currency",
        "clean.orders",
        "cast(sum(amount) as decimal(18,2))",
        type=MONEY,
        additive=True,
    ),
    Metric(
        "refunds",
        "Money paid back on the day, whenever the order was paid.",
        "currency",
        "clean.refunds",
        "cast(sum(amount) as decimal(18,2))",
        type=MONEY,
        additive=True,
    ),
    Metric(
        "new_registered",
        "Users who registered on the day; NULL where the source does not say.",
        "users",
        "clean.users",
        "count(distinct user_id)",
        additive=True,
    ),
    Metric(
        "registered_users",
        "Users registered until the end of the day; NULL where the source does not say.",
        "users",
        "registrations",
        "sum(users)",
    ),
    Derived(
        "net_cash",
        "gmv_paid minus refunds of the same day.",
        "currency",
        "cast(gmv_paid - refunds as decimal(18,2))",
        type=MONEY,
        additive=True,
    ),
)

_TABLE_OF = {"registrations": USERS.name}
"""Source that is no clean table → the one that it is made of."""
KIND_OF = {
    metric.source: KIND_OF_TABLE[_TABLE_OF.get(metric.source, metric.source)]
    for metric in ORDERS_DAILY
    if isinstance(metric, Metric)
}
"""Source of a metric → kind of the feed without which the metric is NULL."""
