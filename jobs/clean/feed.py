"""A batch of records: raw records → clean tables, the refused and late records, and the balance."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from conf.errors import ContractError
from jobs.clean.batch import Batch, Part
from jobs.clean.natures import fact, snapshot, state
from jobs.clean.natures.nature import Judging
from jobs.clean.records import slim, typed_records
from jobs.clean.refused import balance_rows, late_rows, quarantine_rows
from jobs.clean.retraction import retract
from schemas.kinds.declaration import Nature

_JUDGING: dict[Nature, Judging] = {"fact": fact, "state": state, "snapshot": snapshot}


@dataclass(frozen=True)
class Judged:
    """What a batch came to, besides what it brought to the clean tables.

    Attributes:
        balance: rows of ops.ingest_balance.
        quarantine: rows of clean.quarantine; None where there are none.
        late: rows of clean.late_event; None where there are none.
    """

    balance: list[dict[str, object]]
    quarantine: DataFrame | None
    late: DataFrame | None


def ingest_batch(batch: Batch, run_id: str) -> Judged:
    """Bring a batch into the clean tables.

    A batch that a run left half done may be repeated: rows that these files brought before are taken out first.

    Raises:
        ContractError: the balance does not hold.
    """
    for part in batch.parts:
        retract(batch, part)
    records = reduce(lambda a, b: a.unionByName(b), (_typed(batch, part) for part in batch.parts))
    nature = _JUDGING[batch.grain.nature]
    # A checkpoint and no cache: Spark computes a cached frame anew once a table that it reads is written,
    # and then finds this very batch among the rows that were there before it.
    judged = nature.judge(batch, records).localCheckpoint()
    balance = balance_rows(judged, run_id)
    _must_hold(batch, balance)
    outcomes = {row["outcome"] for row in balance}
    if outcomes & nature.KEPT:
        nature.write(batch, judged)
    return Judged(
        balance,
        quarantine_rows(judged) if "quarantined" in outcomes else None,
        late_rows(judged, batch.kind) if "late" in outcomes else None,
    )


def _typed(batch: Batch, part: Part) -> DataFrame:
    typed = typed_records(part.raw, part.source, part.feed, part.delivery, batch.settings, part.zone)
    # States and snapshots may return to what they were; facts do not happen twice.
    if part.duplicate_files and batch.grain.nature == "fact":
        is_copy = F.col("file").isin(sorted(part.duplicate_files))
        typed = typed.withColumns(
            {
                "outcome": F.when(is_copy, "duplicate").otherwise(F.col("outcome")),
                "reason": F.when(is_copy, "duplicate_file").otherwise(F.col("reason")),
            }
        )
    if batch.kind.is_required:
        start = part.history_start
        early = F.col(str(batch.kind.day)) < F.lit(start) if start is not None else F.lit(False)
        typed = typed.withColumn("is_early", F.coalesce(early, F.lit(False)))
    return slim(typed, batch.settings.allowed_lateness_days, part.feed)


def _must_hold(batch: Batch, balance: list[dict[str, object]]) -> None:
    sums = {(part.source, file): 0 for part in batch.parts for file in part.lines_in}
    for row in balance:
        sums[str(row["source"]), str(row["file"])] += int(str(row["records"]))
    for part in batch.parts:
        for file, lines in part.lines_in.items():
            accounted = sums[part.source, file]
            if accounted != lines:
                raise ContractError(
                    f"{part.source}: {file}: {lines} records in, {accounted} accounted for; nothing goes on"
                )
