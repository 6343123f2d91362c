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


def judge(records: DataFrame, known: DataFrame | None, is_whole: bool) -> DataFrame:
    """Snapshot rows: accepted where an attribute changed, superseded where they repeat what was known.

    Args:
        records: typed records with record_key = user_id.
        known: open intervals (user_id, content_hash) from before; None where there are none.
        is_whole: the users were delivered whole: the last row of each user holds for the whole history.
    """
    flags = {name: F.coalesce(F.col(name), F.lit(False)) for name in ("is_bot", "is_staff")}
    plain = records.withColumns(flags)
    text = F.to_json(F.struct(*ATTRIBUTES), {"ignoreNullFields": "false"})
    hashed = plain.withColumn("state_hash", F.sha2(text, 256))
    is_open = F.col("outcome").isNull()
    last = Window.partitionBy(is_open, "record_key", "arrival_date").orderBy(
        F.desc("file"), F.desc("position")
    )
    hashed = hashed.withColumn("is_repeat", F.row_number().over(last) > 1)
    by_day = Window.partitionBy(is_open, F.col("is_repeat"), "record_key").orderBy("arrival_date")
    before = F.lag("state_hash").over(by_day)
    if known is not None:
        opened = known.select(F.col("user_id").alias("record_key"), F.col("content_hash").alias("known_hash"))
        hashed = hashed.join(opened, "record_key", "left")
        before = F.coalesce(before, F.col("known_hash"))
    hashed = hashed.withColumn("is_unchanged", F.coalesce(before == F.col("state_hash"), F.lit(False)))
    rules = [
        (F.col("is_repeat"), "superseded", "unchanged"),
        (F.col("is_unchanged") & F.lit(not is_whole), "superseded", "unchanged"),
    ]
    return mark(hashed, rules).drop("is_repeat", "is_unchanged", "known_hash")


def intervals(judged: DataFrame, known: DataFrame) -> DataFrame:
    """Every row of clean.users: what was known, closed where it changed, and what is new."""
    changes = judged.where("outcome = 'accepted'").select(
        F.col("record_key").alias("user_id"),
        F.col("arrival_date").alias("valid_from"),
        *ATTRIBUTES,
        "source",
        "file",
        "position",
        F.col("state_hash").alias("content_hash"),
    )
    every = known.select("user_id", "valid_from", *_STATE, "content_hash").unionByName(
        changes.select("user_id", "valid_from", *_STATE, "content_hash")
    )
    return reopened(every)


def reopened(states: DataFrame) -> DataFrame:
    """Every state with the last day before the next one as its end; the newest of a user is open."""
    following = F.lead("valid_from").over(Window.partitionBy("user_id").orderBy("valid_from"))
    return states.withColumn("valid_to", F.date_sub(following, 1))
