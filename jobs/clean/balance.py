"""What ops.ingest_balance says of the records that were judged."""

from __future__ import annotations

from datetime import date

from conf.settings import Settings
from jobs.lake.tables import Lake
from jobs.mapping.kinds import feeds_of
from schemas.kinds import REQUIRED
from schemas.ops.tables import INGEST_BALANCE


def accepted_events(lake: Lake, settings: Settings, days: tuple[date, date] | None = None) -> int:
    """Events that ops.ingest_balance calls accepted, of all arrival days or of some."""
    feeds = feeds_of(settings, REQUIRED)
    return sum(
        row["records"]
        for row in lake.read_rows(INGEST_BALANCE).to_pylist()
        if row["outcome"] == "accepted"
        and row["source"] in feeds
        and (days is None or days[0] <= row["arrival_date"] <= days[1])
    )
