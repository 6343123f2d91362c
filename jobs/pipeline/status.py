"""The state of a lake: published tables, closed days, last runs, failed gates and unmapped feeds. Needs no Spark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from conf.settings import Settings
from jobs.check.results import Gates, newest_gates
from jobs.lake.tables import Lake
from schemas.catalog import REPORTS, TABLES
from schemas.kinds import KINDS
from schemas.kinds.declaration import Kind
from schemas.ops.tables import PUBLICATION, RUN
from schemas.reports.activity import ACTIVITY_DAILY
from schemas.reports.declaration import Report
from schemas.reports.freshness import FRESHNESS

SHOWN_RUNS = 10


@dataclass(frozen=True)
class PublishedTable:
    """One published table, as it is in the lake now, with its newest publication.

    Attributes:
        row_count: number of rows of the whole table.
        table_version: current Delta version; maintenance raises it without changing the digest.
        digest: canonical digest of the whole table, as recorded by its newest publication.
        date_from: first day that the newest publication replaced; None if it replaced the whole table.
        date_to: last day that it replaced; None if it replaced the whole table.
        closed_through: last business day whose numbers only a restatement can change.
    """

    table_name: str
    row_count: int
    table_version: int
    digest: str
    run_id: str
    published_at: datetime
    date_from: date | None
    date_to: date | None
    last_arrival_date: date | None
    closed_through: date | None


@dataclass(frozen=True)
class NotMapped:
    """A kind of feed that the deployment does not map, and the reports that would read it."""

    kind: str
    tables: list[str]


@dataclass(frozen=True)
class Status:
    """The state of a lake.

    Attributes:
        closed_through: last closed day of activity; None before the first publication.
        runs: rows of ops.run, the newest first.
        gates: None before the first check.
    """

    lake: str
    closed_through: date | None
    tables: list[PublishedTable]
    runs: list[dict[str, Any]]
    gates: Gates | None
    not_mapped: list[NotMapped]


def status(settings: Settings, lake: Lake) -> Status:
    """The state of the lake; an empty lake has no tables, runs and gates."""
    tables = _tables(lake)
    closed = {table.table_name: table.closed_through for table in tables}
    runs = sorted(lake.read_rows(RUN).to_pylist(), key=lambda row: row["started_at"], reverse=True)
    return Status(
        lake=lake.root,
        closed_through=closed.get(ACTIVITY_DAILY.name),
        tables=tables,
        runs=runs[:SHOWN_RUNS],
        gates=newest_gates(lake),
        not_mapped=not_mapped(settings),
    )


def _tables(lake: Lake) -> list[PublishedTable]:
    newest: dict[str, dict[str, Any]] = {}
    for row in sorted(lake.read_rows(PUBLICATION).to_pylist(), key=lambda row: row["published_at"]):
        newest[row["table_name"]] = row
    fresh = {row["table_name"]: row for row in lake.read_rows(FRESHNESS).to_pylist()}
    tables = []
    for name in (table.name for table in REPORTS if table.name in newest):
        version = lake.version(TABLES[name])
        if version is None:
            continue
        row, dates = newest[name], fresh.get(name, {})
        tables.append(
            PublishedTable(
                table_name=name,
                row_count=lake.read_rows(TABLES[name]).num_rows,
                table_version=version,
                digest=row["digest"],
                run_id=row["run_id"],
                published_at=row["published_at"],
                date_from=row["date_from"],
                date_to=row["date_to"],
                last_arrival_date=dates.get("last_arrival_date"),
                closed_through=dates.get("closed_through"),
            )
        )
    return tables


def not_mapped(settings: Settings) -> list[NotMapped]:
    """Kinds of feeds without a mapping, with the reports that they would close or be counted in."""
    mapped = {feed.kind for mapping in settings.sources.values() for feed in mapping.feeds.values()}
    return [
        NotMapped(kind.name, [report.name for report in REPORTS if _has_part_of(report, kind)])
        for kind in KINDS.values()
        if kind.name not in mapped
    ]


def _has_part_of(report: Report, kind: Kind) -> bool:
    completeness = report.family.completeness
    closes = completeness is not None and kind.name in completeness.required | completeness.optional
    return closes or any(table.name in report.inputs for table in kind.tables)
