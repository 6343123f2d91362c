"""Orders, money and registrations of a day; money is exact decimal and additive.

Sources and their rows: the clean tables' rows of the day by order_date, refund_date, registered_date.
"""

from schemas.metrics.declaration import Derived, Metric

MONEY = "decimal(18,2)"
KIND_OF = {
    "clean.orders": "orders",
    "clean.refunds": "refunds",
    "clean.users": "users",
    "registrations": "users",
}
"""Source of a metric → kind of the feed without which the metric is NULL."""

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
