"""User snapshots → clean.users: one row per user and interval of days with the same attributes."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from jobs.clean.records import mark

ATTRIBUTES = (
    "registered_at",
    "registered_date",
    "platform",
    "channel",
    "region",
    "member_level",
    "is_bot",
    "is_staff",
)
_STATE = (*ATTRIBUTES, "source", "file", "position")


def judge(records: DataFrame, known: DataFrame, is_whole: bool) -> DataFrame:
    """Snapshot rows: accepted where an attribute changed, superseded where they repeat what was known.

    Of the rows of a user and day the last one by file and position counts, whichever run brings it.

    Args:
        records: typed records with record_key = user_id.
        known: open intervals from before.
        is_whole: the users were delivered whole: the last row of each user holds for the whole history.
    """
    flags = {name: F.coalesce(F.col(name), F.lit(False)) for name in ("is_bot", "is_staff")}
    plain = records.withColumns(flags).withColumn("state", F.struct(*ATTRIBUTES)).repartition("record_key")
    opened = known.select(
        F.col("user_id").alias("record_key"),
        F.struct(*ATTRIBUTES).alias("known_state"),
        F.col("valid_from").alias("known_from"),
        F.struct("file", "position").alias("known_place"),
    )
    # The last row of a day first, so that one order serves to find it and to compare it with the day before.
    of_user = Window.partitionBy(F.col("outcome").isNull(), "record_key").orderBy(
        "arrival_date", F.desc("file"), F.desc("position")
    )
    is_known_day = F.coalesce(F.col("known_from") == F.col("arrival_date"), F.lit(False))
    is_behind = is_known_day & (F.struct("file", "position") < F.col("known_place"))
    is_repeat = F.coalesce(F.lag("arrival_date").over(of_user) == F.col("arrival_date"), F.lit(False))
    until_now = of_user.rowsBetween(Window.unboundedPreceding, -1)
    before = F.last(F.when(~F.col("is_repeat"), F.col("state")), ignorenulls=True).over(until_now)
    marked = (
        plain.join(opened, "record_key", "left")
        .withColumn("is_repeat", is_repeat | is_behind)
        .withColumn("before", F.coalesce(before, "known_state"))
    )
    is_unchanged = F.coalesce(F.col("before") == F.col("state"), F.lit(False)) & ~is_known_day
    rules = [
        (F.col("is_repeat"), "superseded", "unchanged"),
        (is_unchanged & F.lit(not is_whole), "superseded", "unchanged"),
    ]
    return mark(marked, rules).drop(
        "is_repeat", "before", "state", "known_state", "known_from", "known_place"
    )


def intervals(judged: DataFrame, known: DataFrame) -> DataFrame:
    """Every row of clean.users: what was known, closed or replaced where it changed, and what is new."""
    state = F.sha2(F.to_json(F.struct(*ATTRIBUTES), {"ignoreNullFields": "false"}), 256)
    changes = judged.where("outcome = 'accepted'").select(
        F.col("record_key").alias("user_id"),
        F.col("arrival_date").alias("valid_from"),
        *ATTRIBUTES,
        "source",
        "file",
        "position",
        state.alias("content_hash"),
    )
    every = known.select("user_id", "valid_from", *_STATE, "content_hash").unionByName(
        changes.select("user_id", "valid_from", *_STATE, "content_hash")
    )
    return reopened(_changes(every))


def _changes(states: DataFrame) -> DataFrame:
    """The last state of each user and day, where it is another one than before."""
    of_user = Window.partitionBy("user_id").orderBy("valid_from", "file", "position")
    is_last = F.coalesce(F.lead("valid_from").over(of_user) != F.col("valid_from"), F.lit(True))
    is_other = F.coalesce(F.lag("content_hash").over(of_user) != F.col("content_hash"), F.lit(True))
    last = states.withColumn("is_last", is_last).where("is_last").drop("is_last")
    return last.withColumn("is_other", is_other).where("is_other").drop("is_other")


def reopened(states: DataFrame) -> DataFrame:
    """Every state with the last day before the next one as its end; the newest of a user is open."""
    following = F.lead("valid_from").over(Window.partitionBy("user_id").orderBy("valid_from"))
    return states.withColumn("valid_to", F.date_sub(following, 1))
