"""Deletion of what the retention settings call too old, but never of what a later run may still read."""

from __future__ import annotations

import shutil
from collections.abc import Set
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from conf.errors import SourceIncomplete
from conf.settings import Settings
from jobs.arrival.history import processed_horizons
from jobs.lake.tables import Lake
from jobs.lake.upkeep import delete_rows
from jobs.pipeline.run_log import started_at
from schemas.clean.refused import LATE_EVENT, QUARANTINE
from schemas.contract import Table
from schemas.metrics.retention import HORIZON
from schemas.ops.tables import ALERT, LATE_ENTRY, PUBLICATION, QUALITY_RESULT, RUN

BY_RUN = (RUN, QUALITY_RESULT, PUBLICATION)
"""Tables that get rows from every run. The other ops tables (ledger, balance, definitions, admitted late events) are state
that later runs need, and are kept whole."""


def look_back_days(settings: Settings) -> int:
    """Days before the last arrival day that a run may read: for late records, their cohorts, and the cohorts' history."""
    return settings.allowed_lateness_days + 2 * HORIZON + 2


def last_arrival(settings: Settings, lake: Lake) -> date | None:
    """Last arrival day up to which every kind of feed was ingested; None before the first ingestion."""
    try:
        arrived = processed_horizons(settings, lake)
    except SourceIncomplete:
        return None
    return min(horizon.last_arrival for horizon in arrived.values())


def expire_raw(lake: Lake, settings: Settings, raw: list[Table], arrived: date) -> dict[str, int]:
    """Delete raw records that are older than the setting and than what a run may read; returns rows per table."""
    days = settings.retention.raw_days
    if days is None:
        return {}
    first_kept = arrived - timedelta(days=max(days, look_back_days(settings)))
    return {table.name: _delete_before(lake, table, first_kept) for table in raw}


def expire_refused(lake: Lake, settings: Settings, arrived: date) -> dict[str, int]:
    """Delete refused and late records that are older than the setting; returns rows per table.

    Late records of an arrival day are kept where a backfill has admitted events of that day: a replay needs them to
    admit the same events again. All are kept while a record that comes again may be a duplicate of one of them.
    """
    days = settings.retention.quarantine_days
    if days is None:
        return {}
    late_days = max(days, settings.duplicates_within_days)
    entered = set(lake.read_rows(LATE_ENTRY)["landing_date"].to_pylist())
    return {
        table.name: _delete_before(lake, table, arrived - timedelta(days=kept_days), exceptions)
        for table, kept_days, exceptions in ((QUARANTINE, days, set()), (LATE_EVENT, late_days, entered))
        if lake.exists(table)
    }


def _delete_before(lake: Lake, table: Table, day: date, kept: Set[date] = frozenset()) -> int:
    exceptions = "".join(f" AND {table.day} <> '{day.isoformat()}'" for day in sorted(kept))
    return delete_rows(lake, table, f"{table.day} < '{day.isoformat()}'{exceptions}")


def expire_runs(lake: Lake, settings: Settings, now: datetime) -> dict[str, int]:
    """Delete the records of old runs; returns rows per table.

    Kept are runs that are younger than the setting, runs from the newest publication on, and the newest publication of
    each table with its run.
    """
    days = settings.retention.ops_days
    runs = lake.read_rows(RUN).to_pylist()
    publications = lake.read_rows(PUBLICATION).to_pylist()
    if days is None or not publications:
        return {}
    newest = max(publications, key=lambda row: row["published_at"])
    since = [row["started_at"] for row in runs if row["run_id"] == newest["run_id"]]
    limit = min([now - timedelta(days=days), newest["published_at"], *since])
    of_tables = {row["table_name"]: row for row in sorted(publications, key=lambda row: row["published_at"])}
    kept = {row["run_id"] for row in of_tables.values()}
    kept |= {row["run_id"] for row in runs if row["started_at"] >= limit}
    return {table.name: _delete_other_runs(lake, table, kept) for table in BY_RUN}


def _delete_other_runs(lake: Lake, table: Table, kept: set[str]) -> int:
    rows = lake.read_rows(table)
    left = rows.filter(pc.is_in(rows["run_id"], value_set=pa.array(sorted(kept), pa.string())))
    if left.num_rows < rows.num_rows:
        lake.replace_rows(table, left, None)
    return rows.num_rows - left.num_rows


def expire_alerts(lake: Lake, settings: Settings, now: datetime) -> dict[str, int]:
    """Delete alerts that are older than the setting for runs; returns rows per table."""
    days = settings.retention.ops_days
    if days is None or not lake.exists(ALERT):
        return {}
    limit = now - timedelta(days=days)
    return {ALERT.name: delete_rows(lake, ALERT, f"raised_at < '{limit.astimezone(UTC).isoformat()}'")}


def expire_pages(folder: Path, settings: Settings, now: datetime) -> int:
    """Delete the quality pages of old runs, which have one folder per run id; returns the number of folders."""
    days = settings.retention.data_docs_days
    if days is None or not folder.is_dir():
        return 0
    limit = now - timedelta(days=days)
    old = [path for path in folder.iterdir() if path.is_dir() and _started(path.name, now) < limit]
    for path in old:
        shutil.rmtree(path)
    return len(old)


def _started(run_id: str, otherwise: datetime) -> datetime:
    """The instant in a run id; `otherwise` for a folder whose name is no run id, so that it is kept."""
    try:
        return started_at(run_id)
    except ValueError:
        return otherwise
