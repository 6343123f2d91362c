"""What files brought to the clean tables is taken out before they are judged once more."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.clean.batch import Batch, Part
from jobs.clean.line_sums import summed
from jobs.clean.natures.snapshot import reopened
from jobs.clean.natures.state import show_holding
from jobs.lake.lock import guard
from schemas.clean.refused import LATE_EVENT, QUARANTINE
from schemas.contract import Table


def retract(batch: Batch, part: Part) -> None:
    """Remove what the part's files brought in a run that died before its ledger was written, or before a replay."""
    if not part.reingested:
        return
    of_files = F.col("source").eqNullSafe(part.source) & F.col("file").isin(sorted(part.reingested))
    if batch.grain.sums is not None:
        _sum_without(batch, of_files)
    keys = _keys_of_states(batch, of_files)
    for table in (*batch.kind.tables, QUARANTINE, LATE_EVENT):
        with guard(batch.lake.root, table.name):
            if batch.lake.exists(table):
                _without(batch, table, of_files)
    if keys is not None:
        show_holding(batch, keys)


def _keys_of_states(batch: Batch, of_files: Column) -> DataFrame | None:
    """Keys of the states that these files told; None where there are none.

    Rows that show a state count as well: a run may have died after it took the state out.
    """
    if batch.grain.states is None or not batch.lake.exists(batch.grain.states):
        return None
    tables = (batch.grain.states, batch.grain.table)
    rows = [batch.lake.read(table).where(of_files).select(batch.grain.key) for table in tables]
    keys = rows[0].unionByName(rows[1]).distinct().localCheckpoint()
    return None if keys.isEmpty() else keys


def _without(batch: Batch, table: Table, of_files: Column) -> None:
    """Take the rows of these files out of a table; of one with partitions only those of their days are written."""
    lake, rows = batch.lake, batch.lake.read(table)
    if table.partitioned:
        day = F.col(str(table.day))
        first, last = rows.where(of_files).agg(F.min(day), F.max(day)).collect()[0]
        if first is not None:
            lake.replace_days(table, rows.where(~of_files & day.between(first, last)), first, last)
    elif not rows.where(of_files).isEmpty():
        lake.overwrite(table, _whole(batch, table, rows.where(~of_files)))


def _whole(batch: Batch, table: Table, rows: DataFrame) -> DataFrame:
    """The rows that are left; an interval that another one had ended is open once more."""
    is_snapshot = batch.grain.nature == "snapshot" and table.name == batch.grain.table.name
    return reopened(rows, batch.grain.key) if is_snapshot else rows


def _sum_without(batch: Batch, of_files: Column) -> None:
    """Sum what these files brought lines of without them; the lines are taken out after that."""
    lake, lines, sums = batch.lake, batch.grain.table, batch.grain.sums
    assert sums is not None
    (key,) = sums.table.key
    rows = lake.read(lines)
    touched = rows.where(of_files).select(key).distinct()
    if lake.exists(lines) and not touched.isEmpty():
        left = rows.where(~of_files).join(touched, key, "left_semi")
        others = lake.read(sums.table).join(touched, key, "left_anti")
        lake.overwrite(sums.table, others.select(*sums.table.names).unionByName(summed(left, batch)))
