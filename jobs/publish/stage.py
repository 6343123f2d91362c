"""Staged report frames: what was computed and waits for its audit, in the lake, so that stages may be processes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa

from conf.errors import SourceIncomplete
from jobs.lake import Lake
from jobs.publish.digest import canonical_digest
from schemas.catalog import TABLES
from schemas.contract import Table
from schemas.ops.tables import STAGE


@dataclass(frozen=True)
class Staged:
    """One staged frame.

    Attributes:
        days: first and last day that it replaces; None for the whole table.
    """

    table: Table
    rows: pa.Table
    days: tuple[date, date] | None
    digest: str
    run_id: str


def place(table: Table) -> Table:
    """The table in which a report's staged rows lie."""
    return replace(table, name=f"ops.stage_{table.name.split('.', 1)[1]}")


def stage(lake: Lake, frames: dict[str, tuple[pa.Table, tuple[date, date] | None]], run_id: str) -> None:
    """Put computed frames on the stage, in place of what stood there."""
    records = []
    for name, (rows, days) in frames.items():
        table = TABLES[name]
        lake.replace_rows(place(table), rows, None)
        records.append(
            {
                "table_name": name,
                "run_id": run_id,
                "date_from": days[0] if days else None,
                "date_to": days[1] if days else None,
                "row_count": rows.num_rows,
                "stage_digest": canonical_digest(table, rows),
            }
        )
    lake.replace_rows(STAGE, records, None)


def staged(lake: Lake) -> list[Staged]:
    """What is on the stage.

    Raises:
        SourceIncomplete: nothing was computed, or the staged rows are not those that were recorded.
    """
    found = []
    for record in lake.read_rows(STAGE).to_pylist():
        table = TABLES[record["table_name"]]
        rows = lake.read_rows(place(table))
        digest = canonical_digest(table, rows)
        if digest != record["stage_digest"]:
            raise SourceIncomplete(
                f"{table.name}: the staged rows are not those of run {record['run_id']}; compute again"
            )
        days = (record["date_from"], record["date_to"]) if record["date_from"] else None
        found.append(Staged(table, rows, days, digest, record["run_id"]))
    if not found:
        raise SourceIncomplete("nothing is staged: run `activelake compute` first")
    return found
