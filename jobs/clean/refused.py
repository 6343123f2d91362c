"""Judged records → the rows of quarantine, late_event and the balance."""

from __future__ import annotations

import hashlib

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from conf.mapping import Feed
from jobs.mapping.targets import targets
from schemas.clean.refused import LATE_EVENT, QUARANTINE
from schemas.contract import Table
from schemas.kinds.declaration import Kind

_OF_EVENTS = ("event_at", "event_type")
"""Columns by which a late record is known to be an event, whatever another kind calls so."""


def contract_version(feed: Feed) -> str:
    """Hash of the contract columns that the feed's records are held to."""
    return hashlib.sha256(repr(sorted(targets(feed).columns.items())).encode()).hexdigest()[:16]


def mapping_hash(feed: Feed) -> str:
    """Hash of the feed's mapping."""
    # A mapping that names no grain has always been hashed with this one: refused records of before are told by it.
    hashed = feed if feed.grain is not None else feed.model_copy(update={"grain": "order"})
    # A key that a mapping does not use does not change what it says.
    unused = {"void"} if feed.void is None else set()
    return hashlib.sha256(hashed.model_dump_json(exclude=unused).encode()).hexdigest()[:16]


def stamps(source: str, feed: Feed) -> dict[str, str]:
    """What every record carries of its feed."""
    return {
        "source": source,
        "contract_version": contract_version(feed),
        "mapping_hash": mapping_hash(feed),
    }


def quarantine_rows(judged: DataFrame) -> DataFrame:
    """Rows of clean.quarantine; columnar records are kept as JSON of their fields."""
    refused = judged.where("outcome = 'quarantined'")
    return _of_contract(refused.withColumn("raw_text", _as_received()), QUARANTINE)


def late_rows(judged: DataFrame, kind: Kind) -> DataFrame:
    """Rows of clean.late_event; only those of the required kind are events, which may enter by a backfill."""
    late = judged.where("outcome = 'late'").withColumns(
        {
            "event_date": F.col(str(kind.day)),
            "days_late": F.datediff("landing_date", str(kind.day)),
            "raw_text": _as_received(),
        }
    )
    return _of_contract(late if kind.is_required else late.drop(*_OF_EVENTS), LATE_EVENT)


def _as_received() -> Column:
    return F.coalesce(F.col("raw_text"), F.to_json("fields"))


def _of_contract(frame: DataFrame, table: Table) -> DataFrame:
    """The contract's columns; what the feed's kind does not have is NULL."""
    values = {c.name: F.col(c.name) if c.name in frame.columns else F.lit(None) for c in table.columns}
    return frame.select(*(values[c.name].cast(c.type).alias(c.name) for c in table.columns))


def balance_rows(judged: DataFrame, run_id: str) -> list[dict[str, object]]:
    """Rows of ops.ingest_balance, from one aggregate."""
    counted = judged.groupBy("source", "file", "arrival_date", "outcome", "reason").agg(
        F.count("*").alias("records")
    )
    return [{"run_id": run_id, **row.asDict()} for row in counted.collect()]
