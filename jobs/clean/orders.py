"""Order and refund records → clean.orders, clean.refunds, and the lines of both."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from conf.mapping import Feed
from jobs.clean.duplicates import is_repeat, mark_repeats
from jobs.clean.records import business_date, mark

_FIRST = ["arrived_at", "file", "position"]


def _too_late(day: str, lateness: int) -> Column:
    return F.col("days_late").isNotNull() & F.col(day).isNotNull() & (F.col("days_late") > lateness)


def judge_states(records: DataFrame, known: DataFrame | None, lateness: int) -> DataFrame:
    """Order states: equal repeats are duplicates, all but the newest state of an order are superseded.

    A state that came too late takes no other one's place, so that several days at once give what single days give.

    Args:
        known: record_key and known_updated_at of the orders that are known.
    """
    marked = records.withColumn("is_repeat", is_repeat(["record_key", "updated_at", "content_hash"], _FIRST))
    is_late = _too_late("order_date", lateness)
    of_order = Window.partitionBy(F.col("outcome").isNull(), "record_key")
    newest = of_order.orderBy(
        F.col("is_repeat") | is_late,
        F.col("updated_at").desc_nulls_last(),
        *(F.col(n).desc() for n in _FIRST),
    )
    in_time = F.max(F.when(~F.col("is_repeat") & ~is_late, F.col("updated_at"))).over(of_order)
    is_older = F.coalesce(F.col("updated_at") < in_time, F.lit(False))
    marked = marked.withColumn("is_old", F.when(is_late, is_older).otherwise(F.row_number().over(newest) > 1))
    if known is not None:
        marked = marked.join(known, "record_key", "left")
        marked = marked.withColumns(
            {
                "is_repeat": F.col("is_repeat")
                | F.coalesce(F.col("known_updated_at") == F.col("updated_at"), F.lit(False)),
                "is_old": F.col("is_old")
                | F.coalesce(F.col("known_updated_at") > F.col("updated_at"), F.lit(False)),
            }
        ).drop("known_updated_at")
    rules = [
        (F.col("is_repeat"), "duplicate", "repeated_key"),
        (F.col("is_old"), "superseded", "older_state"),
        (is_late, "late", "too_late"),
    ]
    return mark(marked, rules).drop("is_repeat", "is_old")


def judge_single(
    records: DataFrame, feed: Feed, known: DataFrame | None, day: str, lateness: int
) -> DataFrame:
    """Refunds and order lines: one record per key."""
    position = feed.key.position
    marked = records.withColumn("is_repeat", F.lit(False)) if position else mark_repeats(records, known)
    rules = [
        (F.col("is_repeat"), "duplicate", "repeated_key"),
        (_too_late(day, lateness), "late", "too_late"),
    ]
    return mark(marked, rules).drop("is_repeat")


def order_rows(judged: DataFrame) -> DataFrame:
    """Rows of clean.orders from accepted states."""
    accepted = judged.where("outcome = 'accepted'")
    return accepted.withColumn("order_id", F.col("record_key"))


def nested_line_rows(orders: DataFrame) -> DataFrame:
    """Rows of clean.order_lines from the lines nested in accepted order records."""
    of_order = "order_id", "user_id", "paid_at", "order_date", "arrival_date", "source", "file", "position"
    return orders.select(*of_order, F.explode("lines").alias("line")).select(*of_order, "line.*")


def line_rows(judged: DataFrame) -> DataFrame:
    """Rows of clean.order_lines or clean.refund_lines, where every record is a line."""
    accepted = judged.where("outcome = 'accepted'")
    return accepted.withColumn("line_id", F.col("record_key"))


def orders_of_lines(lines: DataFrame, zone: str) -> DataFrame:
    """Rows of clean.orders as sums of lines; the first line by file and position says who and when."""
    first = F.struct("file", "position", "user_id", "paid_at", "arrival_date", "source")
    summed = lines.groupBy("order_id").agg(
        F.min(first).alias("first"), F.sum("amount").cast("decimal(18,2)").alias("amount")
    )
    return summed.select("order_id", "amount", "first.*").withColumns(
        {
            "order_date": business_date(F.col("paid_at"), zone),
            "status": F.lit(None).cast("string"),
            "created_at": F.col("paid_at"),
            "updated_at": F.col("paid_at"),
            "touch_id": F.lit(None).cast("string"),
        }
    )


def refund_rows(judged: DataFrame) -> DataFrame:
    """Rows of clean.refunds, where every record is a refund."""
    accepted = judged.where("outcome = 'accepted'")
    return accepted.withColumn("refund_id", F.col("record_key"))


def refunds_of_lines(lines: DataFrame, zone: str) -> DataFrame:
    """Rows of clean.refunds as sums of lines; the first line by file and position says who and when."""
    first = F.struct("file", "position", "order_id", "user_id", "refunded_at", "arrival_date", "source")
    summed = lines.groupBy("refund_id").agg(
        F.min(first).alias("first"), F.sum("amount").cast("decimal(18,2)").alias("amount")
    )
    dated = summed.select("refund_id", "amount", "first.*")
    return dated.withColumn("refund_date", business_date(F.col("refunded_at"), zone))
