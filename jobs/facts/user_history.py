"""What an active day of a user in a scope knows about the days before it: prev_date, first_date and 63 history bits."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from schemas.facts.user_scope_day import SCOPE_KEY

USER_IN_SCOPE = ["user_id", *SCOPE_KEY]
"""The user first: a sort compares the first bytes of its first column, and those of scopes are alike."""
_BLOCK_DAYS = 62
_ALL_BITS = (1 << 63) - 1


def with_history(active: DataFrame, prior: DataFrame | None) -> DataFrame:
    """Active days with prev_date, first_date and history_bits.

    A bigint has 63 bits besides its sign, one per day. Days are numbered in blocks of 62: the 63 days that end on a day
    lie within its own block and the one before it, so that two sums of powers of two and two shifts give all of them,
    and no row carries a list of its user's days.

    Args:
        active: one row per event date, user and scope.
        prior: facts of the days before the range; None where nothing lies before it.
    """
    day_number = F.unix_date("event_date")
    rows = _with_last_prior_day(active, prior).withColumns(
        {
            "block": F.floor(day_number / _BLOCK_DAYS).cast("int"),
            "day_of_block": F.pmod(day_number, F.lit(_BLOCK_DAYS)),
        }
    )
    # The block first, so that one sort serves the windows by day and those by block.
    by_day = Window.partitionBy(*USER_IN_SCOPE).orderBy("block", "event_date")
    until_now = by_day.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    by_block = Window.partitionBy(*USER_IN_SCOPE).orderBy("block")
    # The first day of a block is its highest bit.
    bit_of_day = _shift("left", F.lit(1).cast("bigint"), _BLOCK_DAYS - 1 - F.col("day_of_block"))
    dated = rows.withColumns(
        {
            "prev_date": F.lag("event_date").over(by_day),
            "first_date": F.min(F.coalesce("prior_first_date", "event_date")).over(until_now),
            "start_bits": F.first("prior_bits").over(until_now),
            "start_date": F.first("event_date").over(until_now),
            "block_bits": F.sum(bit_of_day).over(by_block.rangeBetween(0, 0)),
            "previous_block_bits": F.sum(bit_of_day).over(by_block.rangeBetween(-1, -1)),
        }
    )
    return dated.withColumn("history_bits", _history_bits()).where(~F.col("is_prior"))


def _history_bits() -> Column:
    """Bit n is the day n days before: a shift puts the event date at bit 0 and drops the days that come after it."""
    no_bits = F.lit(0).cast("bigint")
    this_block = _shift("right", F.col("block_bits"), _BLOCK_DAYS - 1 - F.col("day_of_block"))
    block_before = _shift("left", F.coalesce("previous_block_bits", no_bits), F.col("day_of_block") + 1)
    # The last day before the range brings its own bits along; its user may have no row in the block before.
    age = F.datediff("event_date", "start_date")
    carried = F.when(age <= _BLOCK_DAYS, _shift("left", F.col("start_bits"), age)).otherwise(no_bits)
    bits = this_block.bitwiseOR(block_before).bitwiseOR(F.coalesce(carried, no_bits))
    return bits.bitwiseAND(F.lit(_ALL_BITS))


def _with_last_prior_day(active: DataFrame, prior: DataFrame | None) -> DataFrame:
    """The rows of the range and, per user and scope, the last row before it as it was computed then."""
    rows = active.withColumns(
        {
            "is_prior": F.lit(False),
            "prior_first_date": F.lit(None).cast("date"),
            "prior_bits": F.lit(None).cast("bigint"),
        }
    )
    if prior is None:
        return rows
    last = prior.groupBy(*USER_IN_SCOPE).agg(
        F.max("event_date").alias("event_date"),
        F.min("first_date").alias("prior_first_date"),
        F.max_by("history_bits", "event_date").alias("prior_bits"),
        F.lit(True).alias("is_prior"),
    )
    return rows.unionByName(last, allowMissingColumns=True)


def _shift(direction: str, bits: Column, distance: Column) -> Column:
    return F.call_function(f"shift{direction}", bits, distance)
