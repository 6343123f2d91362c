"""States may change: of the records of a key the newest is kept, and takes the place of the one before."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from jobs.clean.batch import Batch, accepted_rows
from jobs.clean.duplicates import is_repeat
from jobs.clean.natures.nature import is_too_late
from jobs.clean.nested_lines import nested_line_rows
from jobs.clean.records import mark

_FIRST = ["arrived_at", "file", "position"]


def judge(batch: Batch, records: DataFrame) -> DataFrame:
    """Outcome and reason of every record, with the states that are there."""
    grain, stored = batch.grain, None
    version = str(grain.version)
    if batch.lake.exists(grain.table):
        columns = F.col(grain.key).alias("record_key"), F.col(version).alias("stored_version")
        stored = batch.lake.read(grain.table).select(*columns)
    return judge_states(records, stored, version, batch.settings.allowed_lateness_days)


def judge_states(records: DataFrame, stored: DataFrame | None, version: str, lateness: int) -> DataFrame:
    """States: equal repeats are duplicates, all but the newest state of a key are superseded.

    A state that came too late takes no other one's place, so that several days at once give what single days give.

    Args:
        stored: record_key and stored_version of the states that are there.
        version: column by which a state is newer than another.
    """
    marked = records.withColumn("is_repeat", is_repeat(["record_key", version, "content_hash"], _FIRST))
    is_late = is_too_late(lateness)
    of_key = Window.partitionBy(F.col("outcome").isNull(), "record_key")
    newest = of_key.orderBy(
        F.col("is_repeat") | is_late,
        F.col(version).desc_nulls_last(),
        *(F.col(n).desc() for n in _FIRST),
    )
    in_time = F.max(F.when(~F.col("is_repeat") & ~is_late, F.col(version))).over(of_key)
    is_older = F.coalesce(F.col(version) < in_time, F.lit(False))
    marked = marked.withColumn("is_old", F.when(is_late, is_older).otherwise(F.row_number().over(newest) > 1))
    if stored is not None:
        is_same = F.coalesce(F.col("stored_version") == F.col(version), F.lit(False))
        is_behind = F.coalesce(F.col("stored_version") > F.col(version), F.lit(False))
        marked = (
            marked.join(stored, "record_key", "left")
            .withColumns({"is_repeat": F.col("is_repeat") | is_same, "is_old": F.col("is_old") | is_behind})
            .drop("stored_version")
        )
    rules = [
        (F.col("is_repeat"), "duplicate", "repeated_key"),
        (F.col("is_old"), "superseded", "older_state"),
        (is_late, "late", "too_late"),
    ]
    return mark(marked, rules).drop("is_repeat", "is_old")


def write(batch: Batch, judged: DataFrame) -> None:
    """Put the rows in the place of those of their keys, and their nested lines in the place of the lines of these."""
    lake, grain = batch.lake, batch.grain
    rows = accepted_rows(judged, grain)
    lake.merge(grain.table, rows)
    if grain.lines is not None and batch.part.feed.lines is not None:
        table = grain.lines.table
        lines = nested_line_rows(rows, grain)
        if lake.exists(table):
            kept = lake.read(table).join(rows.select(grain.key), grain.key, "left_anti")
            lines = lines.select(*table.names).unionByName(kept.select(*table.names))
        lake.overwrite(table, lines)
