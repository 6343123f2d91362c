"""`activelake maintain`: delete rows past their retention, empty the old staging area, then tidy the files of every table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from conf.settings import Settings
from jobs.lake.tables import Lake
from jobs.lake.upkeep import tidy
from jobs.publish.stage import staged_unpublished, staging_table
from jobs.upkeep.migrations import stored_tables
from jobs.upkeep.retention import (
    expire_alerts,
    expire_pages,
    expire_raw,
    expire_refused,
    expire_runs,
    last_arrival,
)
from schemas.catalog import REPORTS
from schemas.contract import Table
from schemas.ops.tables import STAGE

PAGES = "ops/data_docs"
"""Name under which deleted pages of quality results are reported, beside the tables."""


@dataclass(frozen=True)
class MaintainedTable:
    """What was done to one table.

    Attributes:
        deleted: number of rows past their retention period.
        merged: number of small files that were merged into larger ones.
        removed: number of files that were removed because no reader needs them any more.
    """

    table_name: str
    deleted: int
    merged: int
    removed: int


def maintain(
    lake: Lake, settings: Settings, now: datetime, report_progress: Callable[[str], None]
) -> list[MaintainedTable]:
    """Do everything that keeps a lake small and fast; published rows stay as they are.

    While computed reports wait in the staging area for their publication, neither that area nor the report tables are
    touched: the publication expects the table versions that it was computed for.
    """
    tables = stored_tables(lake, settings)
    report_progress("retention")
    deleted = expire_runs(lake, settings, now) | expire_alerts(lake, settings, now)
    arrived = last_arrival(settings, lake)
    if arrived is not None:
        raw = [table for table in tables if table.layer == "raw"]
        deleted |= expire_raw(lake, settings, raw, arrived) | expire_refused(lake, settings, arrived)
    if settings.data_docs_folder is not None:
        deleted[PAGES] = expire_pages(settings.data_docs_folder, settings, now)
    staging_tables = [table for table in map(staging_table, REPORTS) if lake.exists(table)]
    has_unpublished = bool(staged_unpublished(lake))
    if not has_unpublished:
        deleted |= clear_staging(lake, staging_tables)
    keep = timedelta(days=settings.retention.vacuum_days)
    done = [MaintainedTable(PAGES, deleted.get(PAGES, 0), 0, 0)] if deleted.get(PAGES) else []
    for table in (*tables, *staging_tables):
        if has_unpublished and table.layer == "reports":
            continue
        report_progress(table.name)
        files = tidy(lake, table, keep)
        done.append(MaintainedTable(table.name, deleted.get(table.name, 0), files.merged, files.removed))
    return done


def clear_staging(lake: Lake, staging_tables: list[Table]) -> dict[str, int]:
    """Empty the staging area; returns the number of deleted rows per staging table."""
    if not lake.read_rows(STAGE).num_rows:
        return {}
    rows = {table.name: lake.read_rows(table).num_rows for table in staging_tables}
    for table in (STAGE, *staging_tables):
        lake.replace_rows(table, [], None)
    return rows
