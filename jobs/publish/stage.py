"""Staged report frames: what was computed and waits for its audit, in the lake, so that stages may be processes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from conf.errors import ContractError
from jobs.arrival.report_window import ComputedDays
from jobs.calendar.dates import DateRange
from jobs.lake.tables import Lake
from jobs.publish.digest import canonical_digest
from jobs.reports.freshness import StagedTable
from jobs.reports.registry import build
from schemas.catalog import FAMILIES, REPORT_OF
from schemas.contract import Table
from schemas.ops.tables import PUBLICATION, STAGE
from schemas.reports.declaration import Report


@dataclass(frozen=True)
class Staged:
    """One staged frame.

    Attributes:
        days: first and last day that it replaces; None for the whole table.
    """

    table: Report
    rows: pa.Table
    days: DateRange | None
    digest: str
    run_id: str


def staging_table(table: Table) -> Table:
    """The table in which a report's staged rows lie; NULL is for the gates to find, not for the writer."""
    return replace(table.all_nullable, name=f"ops.stage_{table.name.split('.', 1)[1]}")


def stage_frames(
    lake: Lake, frames: Mapping[str, tuple[pa.Table, DateRange | None]], computed: ComputedDays, run_id: str
) -> None:
    """Put computed frames on the stage, and the tables that tell of them as they will be true once they are published."""
    items = [_staged(REPORT_OF[name], rows, days, run_id) for name, (rows, days) in frames.items()]
    windows = computed.windows
    telling = [
        StagedTable(
            name=item.table.name,
            last_arrival=windows[item.table.name].sources_arrived if item.days else computed.last_arrival,
            closed_through=windows[item.table.name].closed_through if item.days else None,
            version=next_version(lake, item),
        )
        for item in items
    ]
    of_stage = [family for family in FAMILIES.values() if family.made_at == "stage"]
    built = [made for family in of_stage for made in build(family, telling).items()]
    put(lake, items + [_staged(table, rows, None, run_id) for table, rows in built])


def _staged(table: Report, rows: pa.Table, days: DateRange | None, run_id: str) -> Staged:
    return Staged(table, rows, days, canonical_digest(table, rows), run_id)


def put(lake: Lake, items: list[Staged]) -> None:
    """Replace what stands on the stage."""
    for item in items:
        lake.replace_rows(staging_table(item.table), item.rows, None)
    records = [
        {
            "table_name": item.table.name,
            "run_id": item.run_id,
            "date_from": item.days[0] if item.days else None,
            "date_to": item.days[1] if item.days else None,
            "row_count": item.rows.num_rows,
            "stage_digest": item.digest,
        }
        for item in items
    ]
    lake.replace_rows(STAGE, records, None)


def next_version(lake: Lake, item: Staged) -> int:
    """Delta version of the table once the item is published; the current one where nothing would change."""
    current = lake.version(item.table)
    if current is None:
        return 1  # the first commit makes the table, the second its rows
    return current if is_published(lake, item) else current + 1


def is_published(lake: Lake, item: Staged) -> bool:
    """The published rows of the item's days are the staged ones."""
    return canonical_digest(item.table, published_rows(lake, item.table, item.days)) == item.digest


def published_rows(lake: Lake, table: Table, days: DateRange | None) -> pa.Table:
    """The published rows of the days; those of the whole table where `days` is None."""
    rows = lake.read_rows(table)
    if days is None:
        return rows
    first, last = (pa.scalar(day, pa.date32()) for day in days)
    day = rows[table.day]
    return rows.filter(pc.and_(pc.greater_equal(day, first), pc.less_equal(day, last)))


def staged_unpublished(lake: Lake) -> list[dict[str, Any]]:
    """Records of what is staged and was not published."""
    published = set(lake.read_rows(PUBLICATION)["run_id"].to_pylist())
    return [row for row in lake.read_rows(STAGE).to_pylist() if row["run_id"] not in published]


def staged_range(ranges: Iterable[DateRange | None]) -> DateRange | None:
    """The days that were computed, from those that each staged table replaces; None where none replaces days.

    A report that restates earlier days begins before them.
    """
    dated = [days for days in ranges if days is not None]
    return (max(days[0] for days in dated), max(days[1] for days in dated)) if dated else None


def staged(lake: Lake) -> list[Staged]:
    """What is on the stage.

    Raises:
        ContractError: nothing was computed, or the staged rows are not those that were recorded.
    """
    items = []
    for record in lake.read_rows(STAGE).to_pylist():
        table = REPORT_OF[record["table_name"]]
        rows = lake.read_rows(staging_table(table))
        digest = canonical_digest(table, rows)
        if digest != record["stage_digest"]:
            raise ContractError(
                f"{table.name}: the staged rows are not those of run {record['run_id']}; compute again"
            )
        items.append(Staged(table, rows, replaced_days(record), digest, record["run_id"]))
    if not items:
        raise ContractError("nothing is staged: run `activelake compute` first")
    return items


def replaced_days(record: Mapping[str, Any]) -> DateRange | None:
    """First and last day that a staged table replaces, by its record; None for the whole table."""
    return (record["date_from"], record["date_to"]) if record["date_from"] else None
