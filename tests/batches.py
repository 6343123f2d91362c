"""Records of a landed file, judged and written as the ingestion does it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from conf.mapping import Delivery, Feed
from conf.settings import load
from jobs.clean.batch import Batch, Part
from jobs.clean.feed import ingest_batch
from jobs.lake.tables import Lake
from schemas.raw.records import raw_table

Landed = tuple[date, str, Sequence[dict[str, Any]]]
"""Landing day, name and records of a file."""


def ingest(
    lake: Lake, feed: Feed, files: Sequence[Landed], *, lateness: int = 2, is_repeated: bool = False
) -> list[str]:
    """The outcomes of the records of some files, counted, after they have gone into the clean tables in one batch.

    Args:
        lateness: days that records may come late.
        is_repeated: the files were ingested before, and are judged again.
    """
    names = raw_table("desk.log").names
    rows = [
        {"input": "desk.log", "file": name, "position": number, "landing_date": day, "fields": fields,
         "content_hash": str(sorted(fields.items()))}
        for day, name, records in files
        for number, fields in enumerate(records, 1)
    ]  # fmt: skip
    raw = lake.spark.createDataFrame(
        [tuple(row.get(n) for n in names) for row in rows], raw_table("desk.log").ddl
    )
    lines_in = {name: len(records) for _, name, records in files}
    part = Part(
        "desk.log", feed, Delivery(calendar="daily"), "UTC", raw, lines_in, frozenset(), None,
        frozenset(lines_in if is_repeated else ()),
    )  # fmt: skip
    settings = load(None, lake.root).model_copy(update={"allowed_lateness_days": lateness})
    judged = ingest_batch(Batch(lake, settings, (part,)), "run")
    return sorted(f"{row['records']} {row['outcome']}: {row['reason']}" for row in judged.balance)
