"""Orders, money and registrations per day."""

from schemas.metrics.orders import ORDERS_DAILY
from schemas.reports.declaration import report

ORDERS_DAILY_REPORT = report(
    "orders_daily",
    "One row per order date and scope; the only scope is all until orders are attributed to scopes.",
    "order_date scope_type scope_id",
    ORDERS_DAILY,
    ("clean.orders", "clean.refunds", "clean.users"),
    spine="order_day",
    stamps="is_complete definition_hash",
    optional=("new_registered", "registered_users", "orders", "buyers", "gmv_paid", "refunds"),
    owner="commerce-data",
)
