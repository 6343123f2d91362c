"""The published tables as assets, and what an asset's event says about a publication."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from airflow.sdk import Asset
from airflow.sdk.exceptions import AirflowFailException

from schemas.catalog import REPORTS
from schemas.reports.activity import ACTIVITY_DAILY


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
    """Published table → its state in the lake: date, rows, delta_version, digest, closed_through.

    Args:
        status: output of `activelake status --json`.
        day: the last business day that the task published.
    """
    return {
        table["table_name"]: {
            "date": day,
            "rows": table["row_count"],
            "delta_version": table["table_version"],
            "digest": table["digest"],
            "closed_through": table["closed_through"],
        }
        for table in json.loads(status)["tables"]
    }


def require_published(status: str, day: str) -> None:
    """Check that the newest publication of every table holds the day, or the last arrived day if that is earlier.

    Raises:
        AirflowFailException: a publication does not hold the day; a retry would publish the same days.
    """
    tables = {table["table_name"]: table for table in json.loads(status)["tables"]}
    until = min(day, tables[ACTIVITY_DAILY.name]["last_arrival_date"] or day)
    for table in tables.values():
        first, last = table["date_from"], table["date_to"]
        if first and not first <= until <= last:
            raise AirflowFailException(
                f"{table['table_name']}: the newest publication holds {first} to {last} and not {day}: "
                "another run staged its days in between; clear this run from its computation on"
            )
