"""Orders, money and registrations per day."""

from schemas.clean.orders import ORDERS
from schemas.clean.refunds import REFUNDS
from schemas.clean.users import USERS
from schemas.metrics.orders import KIND_OF, ORDERS_DAILY
from schemas.reports.declaration import report
from schemas.reports.family import Completeness, Family, Spine

ORDERS_FAMILY = Family(
    "orders",
    reads=(ORDERS, REFUNDS, USERS),
    completeness=Completeness(optional=frozenset(KIND_OF.values())),
    source_kinds=KIND_OF,
)

ORDERS_DAILY_REPORT = report(
    "orders_daily",
    "One row per order date and scope; the only scope is all until orders are attributed to scopes.",
    "order_date scope_type scope_id",
    ORDERS_DAILY,
    ORDERS_FAMILY,
    Spine("order_date", "platform"),
    stamps="is_complete definition_hash",
    owner="commerce-data",
)
