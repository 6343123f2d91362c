"""The published tables as assets, and what an asset's event says about a publication."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from airflow.sdk import Asset

from conf.errors import Conflict
from schemas.catalog import REPORTS


def published_tables(lake: str) -> list[Asset]:
    """One asset per published table, at the table's own address."""
    root = lake if "://" in lake else Path(lake).resolve().as_uri()
    return [
        Asset(
            name=table.name,
            uri=f"{root}/{table.name.replace('.', '/')}",
            extra={"format": "delta", "grain": table.grain, "key": list(table.key)},
        )
        for table in REPORTS
    ]


def publication_of(status: str, day: str) -> dict[str, dict[str, Any]]:
    """Per published table what stands in the lake: date, rows, delta_version, digest, closed_through.

    Args:
        status: output of `activelake status --json`.
        day: the last business day that the task published.

    Raises:
        Conflict: the newest publication is another run's and does not hold the day.
    """
    tables = json.loads(status)["tables"]
    for table in tables:
        first, last = table["date_from"], table["date_to"]
        if first and not date.fromisoformat(first) <= date.fromisoformat(day) <= date.fromisoformat(last):
            raise Conflict(
                f"{table['table_name']}: the newest publication holds {first} to {last} and not {day}: "
                "another run was in between; clear this run from its computation on"
            )
    return {
        table["table_name"]: {
            "date": day,
            "rows": table["row_count"],
            "delta_version": table["table_version"],
            "digest": table["digest"],
            "closed_through": table["closed_through"],
        }
        for table in tables
    }
