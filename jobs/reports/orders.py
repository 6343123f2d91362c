"""Orders, money and registrations per day."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.arrival.report_window import ReportWindow
from jobs.reports.engine import conform, days, measure
from schemas.metrics.orders import KIND_OF, ORDERS_DAILY
from schemas.reports.orders import ORDERS_DAILY_REPORT


def build_orders_daily(
    orders: DataFrame, refunds: DataFrame, users: DataFrame, context: ReportWindow, mapped: frozenset[str]
) -> DataFrame:
    """reports.orders_daily; metrics of kinds that are not in `mapped` are NULL."""
    owed = days(orders, "order_date", context.date_from, context.date_to).withColumns(
        {
            "scope_type": F.lit("all"),
            "scope_id": F.lit("all"),
            "is_complete": F.col("order_date") <= F.lit(context.closed_through),
            "definition_hash": F.lit(context.definition_hash),
        }
    )
    registered = users.groupBy("user_id").agg(F.min("registered_date").alias("order_date"))
    sources = {
        "clean.orders": (orders, ["order_date"]),
        "clean.refunds": (refunds.withColumn("order_date", F.col("refund_date")), ["order_date"]),
        "clean.users": (registered, ["order_date"]),
        "registrations": (_until(registered, owed), ["order_date"]),
    }
    unmapped = frozenset(name for name, kind in KIND_OF.items() if kind not in mapped)
    return conform(measure(owed, sources, ORDERS_DAILY, unmapped), ORDERS_DAILY_REPORT)


def _until(registered: DataFrame, owed: DataFrame) -> DataFrame:
    """Users per registration date, repeated for every day from it on."""
    per_day = registered.groupBy(F.col("order_date").alias("since")).agg(F.count("*").alias("users"))
    return owed.select("order_date").join(F.broadcast(per_day), F.col("since") <= F.col("order_date"))
