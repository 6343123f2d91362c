"""`activelake maintain`: retention, old staging, then the files of every table."""

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
"""Folder of quality results as pages, below the lake's root."""


@dataclass(frozen=True)
class Done:
    """What was done to one table.

    Attributes:
        deleted: rows past their retention period.
        merged: small files that were merged.
        removed: files that no reader needs any more.
    """

    table_name: str
    deleted: int
    merged: int
    removed: int


def maintain(lake: Lake, settings: Settings, now: datetime, tell: Callable[[str], None]) -> list[Done]:
    """Everything that keeps a lake small and fast; published rows stay as they are.

    While a stage waits to be published, report tables are left alone: their versions are those that it was computed for.
    """
    tables = stored_tables(lake, settings)
    tell("retention")
    deleted = expire_runs(lake, settings, now) | expire_alerts(lake, settings, now)
    arrived = last_arrival(settings, lake)
    if arrived is not None:
        raw = [table for table in tables if table.layer == "raw"]
        deleted |= expire_raw(lake, settings, raw, arrived) | expire_refused(lake, settings, arrived)
    if settings.data_docs_folder is not None:
        deleted[PAGES] = expire_pages(settings.data_docs_folder, settings, now)
    stages = [table for table in map(staging_table, REPORTS) if lake.exists(table)]
    is_waiting = bool(staged_unpublished(lake))
    if not is_waiting:
        deleted |= clear_stage(lake, stages)
    keep = timedelta(days=settings.retention.vacuum_days)
    done = [Done(PAGES, deleted.get(PAGES, 0), 0, 0)] if deleted.get(PAGES) else []
    for table in (*tables, *stages):
        if is_waiting and table.layer == "reports":
            continue
        tell(table.name)
        files = tidy(lake, table, keep)
        done.append(Done(table.name, deleted.get(table.name, 0), files.merged, files.removed))
    return done


def clear_stage(lake: Lake, stages: list[Table]) -> dict[str, int]:
    """Empty the stage; returns rows per staged table."""
    if not lake.read_rows(STAGE).num_rows:
        return {}
    rows = {table.name: lake.read_rows(table).num_rows for table in stages}
    for table in (STAGE, *stages):
        lake.replace_rows(table, [], None)
    return rows
