"""The lake's edge for upkeep, without Spark: columns that contracts gained, rows that are too old, files, checkpoints."""

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
    """Give an existing table the columns and comments that its contract has gained; returns the new columns.

    Raises:
        ContractError: a column that is never NULL is missing: old rows need a value, which only a step can know.
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
    """Delete the rows for which a condition of our own making holds, in one commit; returns their number.

    A condition on the partition alone drops files without reading them; their rows are counted as in the log.
    """
    delta_table = _open(lake, table)
    before = delta_table.count()
    delta_table.delete(condition)
    return before - DeltaTable(lake.path(table)).count()


@dataclass(frozen=True)
class Upkeep:
    """What was done to one table's files.

    Attributes:
        merged: small files that were merged into larger ones.
        removed: files that no version within the vacuum's reach needs.
    """

    merged: int
    removed: int


def tidy(lake: Lake, table: Table, keep: timedelta) -> Upkeep:
    """Merge small files, remove files replaced longer ago than `keep`, write a checkpoint; rows stay as they are."""
    delta_table = _open(lake, table)
    merged = int(delta_table.optimize.compact(max_concurrent_tasks=2)["numFilesRemoved"])
    hours = int(keep / timedelta(hours=1))
    removed = delta_table.vacuum(hours, dry_run=False, enforce_retention_duration=False, full=True)
    delta_table = DeltaTable(lake.path(table))
    delta_table.create_checkpoint()
    delta_table.cleanup_metadata()
    return Upkeep(merged, len(removed))
