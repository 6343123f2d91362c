"""Upkeep of single tables without Spark: add new columns, delete old rows, merge and remove files, write checkpoints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from deltalake import DeltaTable, Schema

from conf.errors import ConfigError, ContractError
from jobs.lake.arrow import arrow_schema
from jobs.lake.tables import Lake
from schemas.contract import Table


def _open(lake: Lake, table: Table) -> DeltaTable:
    if lake.is_hadoop_only:
        raise ConfigError(f"{lake.root}: upkeep needs a lake that deltalake can open")
    return DeltaTable(lake.path(table))


def conform(lake: Lake, table: Table) -> list[str]:
    """Add the columns and comments that a table's contract has gained since it was created; returns the new columns.

    Raises:
        ContractError: a new column is never NULL: only a migration can know the value for old rows.
    """
    delta_table = _open(lake, table)
    existing = {field.name: field for field in delta_table.schema().fields}
    contract_fields = {field.name: field for field in Schema.from_arrow(arrow_schema(table)).fields}
    missing = [field for name, field in contract_fields.items() if name not in existing]
    for field in missing:
        if not field.nullable:
            raise ContractError(f"{table.name}.{field.name}: is never NULL and old rows have no value for it")
    if missing:
        delta_table.alter.add_columns(missing)
    for name, field in contract_fields.items():
        if name in existing and existing[name].metadata.get("comment") != field.metadata.get("comment"):
            delta_table.alter.set_column_metadata(name, {"comment": str(field.metadata["comment"])})
    return [field.name for field in missing]


def delete_rows(lake: Lake, table: Table, condition: str) -> int:
    """Delete the rows for which an SQL condition holds, in one commit; returns their number.

    The condition is inserted as it is and must not come from a user. A condition on the partition column alone drops
    whole files without reading them.
    """
    delta_table = _open(lake, table)
    before = delta_table.count()
    delta_table.delete(condition)
    return before - DeltaTable(lake.path(table)).count()


@dataclass(frozen=True)
class Upkeep:
    """What was done to one table's files.

    Attributes:
        merged: number of small files that were merged into larger ones.
        removed: number of files that no version of the vacuum's retention period needs.
    """

    merged: int
    removed: int


def tidy(lake: Lake, table: Table, keep: timedelta) -> Upkeep:
    """Merge small files, remove files that were replaced longer ago than `keep`, write a checkpoint; no row changes."""
    delta_table = _open(lake, table)
    merged = int(delta_table.optimize.compact(max_concurrent_tasks=2)["numFilesRemoved"])
    hours = int(keep / timedelta(hours=1))
    removed = delta_table.vacuum(hours, dry_run=False, enforce_retention_duration=False, full=True)
    delta_table = DeltaTable(lake.path(table))
    delta_table.create_checkpoint()
    delta_table.cleanup_metadata()
    return Upkeep(merged, len(removed))
