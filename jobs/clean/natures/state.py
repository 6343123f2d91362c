"""States may change: every state of a key is kept, and of those the last by version and landing order holds.

Which state holds depends on what the sources say alone: not on how files were split into runs, nor on a host's clock.
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.clean.batch import Batch
from jobs.clean.natures.nature import is_too_late
from jobs.clean.nested_lines import lines_as_text, nested_line_rows
from jobs.clean.records import mark
from schemas.contract import Table
from schemas.kinds.declaration import Grain

KEPT = frozenset({"accepted", "superseded", "filtered"})
_LANDING_ORDER = ("landing_date", "file", "position")


def judge(batch: Batch, records: DataFrame) -> DataFrame:
    """Outcome and reason of every record, with the states that are there, and `is_state` where it is one more of them."""
    states, stored = states_table(batch.grain), None
    if batch.lake.exists(states):
        stored = batch.lake.read(states).withColumn("record_key", F.col(batch.grain.key))
    return judge_states(records, stored, str(batch.grain.version), batch.settings.allowed_lateness_days)


def judge_states(records: DataFrame, stored: DataFrame | None, version: str, lateness: int) -> DataFrame:
    """States: equal repeats are duplicates, and all but the one that holds are superseded.

    A state that comes too late for its day is a correction where a state of its key came in time before it, and late
    otherwise. What a filter leaves out is a void state: it takes back what its key said before.

    Args:
        stored: states that are there, with record_key.
        version: column by which a state is newer than another.
    """
    is_candidate = F.col("outcome").isNull() | (
        (F.col("outcome") == "filtered") & F.col("record_key").isNotNull()
    )
    order = F.struct(*_LANDING_ORDER)
    marked = _with_stored(
        records.withColumns(
            {
                "is_candidate": is_candidate,
                "is_void": F.col("is_void") | F.coalesce(F.col("outcome") == "filtered", F.lit(False)),
                "landing_order": order,
            }
        ),
        stored,
        version,
    )
    of_key = Window.partitionBy("is_candidate", "record_key")
    too_late = is_too_late(lateness)
    first_in_time = F.min(F.when(~too_late, F.col("landing_order"))).over(of_key)
    came_in_time = (
        F.coalesce(first_in_time < F.col("landing_order"), F.lit(False)) | F.col("stored_holder").isNotNull()
    )
    of_version = Window.partitionBy("is_candidate", "is_late", "record_key", version).orderBy("landing_order")
    said_before = F.coalesce(F.lag("content_hash").over(of_version), F.col("stored_hash"))
    marked = marked.withColumn("is_late", F.col("is_candidate") & too_late & ~came_in_time).withColumn(
        "is_repeat", F.col("is_candidate") & ~F.col("is_late") & F.col("content_hash").eqNullSafe(said_before)
    )
    marked = marked.withColumn("is_state", F.col("is_candidate") & ~F.col("is_late") & ~F.col("is_repeat"))
    rank = _rank(version)
    newest = F.max(F.when(F.col("is_state"), rank)).over(Window.partitionBy("record_key"))
    is_behind = F.coalesce(F.col("stored_holder") > rank, F.lit(False)) | F.coalesce(
        newest > rank, F.lit(False)
    )
    marked = marked.withColumn("is_old", is_behind)
    rules = [
        (F.col("is_repeat"), "duplicate", "repeated_key"),
        (F.col("is_late"), "late", "too_late"),
        (F.col("is_old"), "superseded", "older_state"),
    ]
    return mark(marked, rules).drop(
        "is_candidate", "landing_order", "stored_holder", "stored_hash", "is_late", "is_repeat", "is_old"
    )


def _rank(version: str) -> Column:
    """What orders the states of a key; a state without a version stands before all that have one."""
    return F.struct(F.col(version).isNotNull(), F.col(version), *_LANDING_ORDER)


def _with_stored(records: DataFrame, stored: DataFrame | None, version: str) -> DataFrame:
    """Add stored_holder, the rank of the stored state that holds, and stored_hash, what the last stored one of the
    record's own version said."""
    if stored is None:
        rank = records.select(_rank(version).alias("rank")).schema["rank"].dataType
        return records.withColumns(
            {"stored_holder": F.lit(None).cast(rank), "stored_hash": F.lit(None).cast("string")}
        )
    holders = stored.groupBy("record_key").agg(F.max(_rank(version)).alias("stored_holder"))
    hashes = stored.groupBy("record_key", F.col(version).alias("stored_version")).agg(
        F.max_by("content_hash", F.struct(*_LANDING_ORDER)).alias("stored_hash")
    )
    hashes = hashes.withColumnRenamed("record_key", "stored_key")
    is_same = (F.col("record_key") == F.col("stored_key")) & F.col(version).eqNullSafe(
        F.col("stored_version")
    )
    return (
        records.join(holders, "record_key", "left")
        .join(hashes, is_same, "left")
        .drop("stored_key", "stored_version")
    )


def write(batch: Batch, judged: DataFrame) -> None:
    """Add the states, and bring the rows and lines of their keys to what now holds."""
    grain = batch.grain
    rows = judged.where("is_state").withColumn(grain.key, F.col("record_key"))
    # A record that no mapping of lines reads has none.
    text = lines_as_text() if batch.part.feed.lines is not None else F.lit(None).cast("string")
    states = rows.withColumn("nested_lines", text)
    batch.lake.append(states_table(grain), states)
    show_holding(batch, states.select(grain.key).distinct())


def show_holding(batch: Batch, keys: DataFrame) -> None:
    """Replace the rows and lines of some keys by those of the states that hold; a void state leaves none.

    Args:
        keys: one column, the grain's key.
    """
    lake, grain = batch.lake, batch.grain
    keys = keys.localCheckpoint()
    states = lake.read(states_table(grain)).join(F.broadcast(keys), grain.key, "left_semi")
    holding = holding_states(states, grain).localCheckpoint()
    _replace(batch, grain.table, holding, keys)
    if grain.lines is not None and (batch.part.feed.lines is not None or lake.exists(grain.lines.table)):
        _replace(batch, grain.lines.table, nested_line_rows(holding, grain), keys)


def holding_states(states: DataFrame, grain: Grain) -> DataFrame:
    """The state of each key that holds; keys whose last state is void have none."""
    of_key = Window.partitionBy(grain.key).orderBy(_rank(str(grain.version)).desc())
    last = states.withColumn("number", F.row_number().over(of_key)).where("number = 1").drop("number")
    return last.where("NOT is_void")


def states_table(grain: Grain) -> Table:
    """The table of all states of a grain."""
    assert grain.states is not None
    return grain.states


def _replace(batch: Batch, table: Table, rows: DataFrame, keys: DataFrame) -> None:
    """Replace the rows of some keys in one commit."""
    others = batch.lake.read(table).join(F.broadcast(keys), batch.grain.key, "left_anti")
    batch.lake.overwrite(table, others.select(*table.names).unionByName(rows.select(*table.names)))
