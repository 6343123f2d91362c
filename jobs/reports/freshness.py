"""How fresh each table will be once what is staged is published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from jobs.lake.arrow import to_arrow
from schemas.reports.declaration import Report
from schemas.reports.freshness import FRESHNESS


@dataclass(frozen=True)
class StagedTable:
    """A table that is about to be published.

    Attributes:
        last_arrival: last day up to which all its sources have arrived; None where one has not at all.
        closed_through: last closed day of its sources; None where its rows do not close.
        version: Delta version that it will have.
    """

    name: str
    last_arrival: date | None
    closed_through: date | None
    version: int


def build(tables: Iterable[StagedTable]) -> Mapping[Report, pa.Table]:
    """reports.freshness."""
    rows = [
        {
            "table_name": table.name,
            "last_arrival_date": table.last_arrival,
            "closed_through": table.closed_through,
            "published_version": table.version,
        }
        for table in tables
    ]
    return {FRESHNESS: to_arrow(FRESHNESS, rows)}


def promised_versions(rows: Mapping[str, pa.Table]) -> dict[str, int]:
    """Table → the version that staged freshness says it will have.

    Args:
        rows: staged rows by table.
    """
    fresh = rows[FRESHNESS.name].to_pylist() if FRESHNESS.name in rows else []
    return {row["table_name"]: row["published_version"] for row in fresh}
