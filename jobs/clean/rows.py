"""Judged records → the rows of quarantine, late_event and the balance."""

from __future__ import annotations

import hashlib

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from conf.mapping import Feed
from jobs.clean.records import DAY_OF
from jobs.mapping.targets import targets


def contract_version(feed: Feed) -> str:
    """Hash of the contract columns that the feed's records are held to."""
    return hashlib.sha256(repr(sorted(targets(feed).columns.items())).encode()).hexdigest()[:16]


def mapping_hash(feed: Feed) -> str:
    """Hash of the feed's mapping."""
    return hashlib.sha256(feed.model_dump_json().encode()).hexdigest()[:16]


def quarantine_rows(judged: DataFrame, source: str, feed: Feed) -> DataFrame:
    """Rows of clean.quarantine; columnar records are kept as JSON of their fields."""
    return judged.where("outcome = 'quarantined'").withColumns(
        {
            "source": F.lit(source),
            "raw_text": F.coalesce(F.col("raw_text"), F.to_json("fields")),
            "contract_version": F.lit(contract_version(feed)),
            "mapping_hash": F.lit(mapping_hash(feed)),
        }
    )


def late_rows(judged: DataFrame, source: str, feed: Feed) -> DataFrame:
    """Rows of clean.late_event."""
    return judged.where("outcome = 'late'").withColumns(
        {
            "source": F.lit(source),
            "event_date": F.col(DAY_OF[feed.kind]),
            "days_late": F.datediff("landing_date", DAY_OF[feed.kind]),
            "raw_text": F.coalesce(F.col("raw_text"), F.to_json("fields")),
        }
    )


def balance_rows(judged: DataFrame, source: str, run_id: str) -> list[dict[str, object]]:
    """Rows of ops.ingest_balance, from one aggregate."""
    counted = judged.groupBy("file", "arrival_date", "outcome", "reason").agg(F.count("*").alias("records"))
    return [{"source": source, "run_id": run_id, **row.asDict()} for row in counted.collect()]
