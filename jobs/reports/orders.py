"""Orders, money and registrations per day."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.arrival.report_window import ReportWindow
from jobs.reports.engine import conform, days, measure
from jobs.reports.inputs import FamilyInputs
from schemas.clean.orders import ORDERS
from schemas.clean.refunds import REFUNDS
from schemas.clean.users import USERS
from schemas.metrics.orders import ORDERS_DAILY
from schemas.reports.declaration import Report
from schemas.reports.orders import ORDERS_DAILY_REPORT, ORDERS_FAMILY


def build(inputs: FamilyInputs) -> Mapping[Report, DataFrame]:
    """Every report of the family."""
    frame = orders_daily_frame(
        inputs.frame(ORDERS),
        inputs.frame(REFUNDS),
        inputs.frame(USERS),
        inputs.window(ORDERS_DAILY_REPORT),
        inputs.deployment.mapped_kinds,
    )
    return {ORDERS_DAILY_REPORT: frame}


def orders_daily_frame(
    orders: DataFrame, refunds: DataFrame, users: DataFrame, window: ReportWindow, mapped: frozenset[str]
) -> DataFrame:
    """reports.orders_daily; metrics of kinds that are not in `mapped` are NULL."""
    expected = days(orders, "order_date", window.date_from, window.date_to).withColumns(
        {
            "scope_type": F.lit("all"),
            "scope_id": F.lit("all"),
            "is_complete": F.col("order_date") <= F.lit(window.closed_through),
            "definition_hash": F.lit(window.definition_hash),
        }
    )
    registered = users.groupBy("user_id").agg(F.min("registered_date").alias("order_date"))
    sources = {
        "clean.orders": (orders, ["order_date"]),
        "clean.refunds": (refunds.withColumn("order_date", F.col("refund_date")), ["order_date"]),
        "clean.users": (registered, ["order_date"]),
        "registrations": (_until(registered, expected), ["order_date"]),
    }
    unmapped = frozenset(name for name, kind in ORDERS_FAMILY.source_kinds.items() if kind not in mapped)
    return conform(measure(expected, sources, ORDERS_DAILY, unmapped), ORDERS_DAILY_REPORT)


def _until(registered: DataFrame, expected: DataFrame) -> DataFrame:
    """Users per registration date, repeated for every day from it on."""
    per_day = registered.groupBy(F.col("order_date").alias("since")).agg(F.count("*").alias("users"))
    return expected.select("order_date").join(F.broadcast(per_day), F.col("since") <= F.col("order_date"))
