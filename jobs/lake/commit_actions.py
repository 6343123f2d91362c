"""Parquet files that Spark has written, as the add actions of a Delta commit."""

from __future__ import annotations

import json
from pathlib import PurePosixPath

import pyarrow.parquet as pq
from deltalake.transaction import AddAction, RemoveAction
from pyarrow.fs import FileInfo, FileSelector, FileSystem, FileType

from conf.errors import ContractError
from schemas.contract import Table


def commit_actions(files: FileSystem, folder: str, table: Table) -> list[AddAction | RemoveAction]:
    """Move the Parquet files of a folder below the table's root to their final paths, and return an add action for each.

    Args:
        files: file system whose root is the table's.
        folder: where Spark wrote them, below the table's root.

    Raises:
        ContractError: a column that is never NULL has NULLs; nothing was moved.
    """
    written = [
        info
        for info in files.get_file_info(FileSelector(folder, recursive=True))
        if info.type == FileType.File and info.extension == "parquet"
    ]
    rows = {info.path: _rows(files, info, table) for info in written}
    actions: list[AddAction | RemoveAction] = []
    for info in written:
        target_path = str(PurePosixPath(info.path).relative_to(folder))
        files.create_dir(str(PurePosixPath(target_path).parent))
        files.move(info.path, target_path)
        actions.append(_action(info, target_path, rows[info.path]))
    return actions


def _rows(files: FileSystem, info: FileInfo, table: Table) -> int:
    """Number of rows of a file, from its footer, which also shows whether a column holds NULLs."""
    with files.open_input_file(info.path) as stream:
        footer = pq.read_metadata(stream)
    never = {column.name for column in table.columns if not column.nullable}
    for group in map(footer.row_group, range(footer.num_row_groups)):
        for column in map(group.column, range(group.num_columns)):
            nulls = column.statistics.null_count if column.statistics else 0
            if nulls and column.path_in_schema in never:
                raise ContractError(
                    f"{table.name}.{column.path_in_schema}: is never NULL and has no value in {nulls} rows; "
                    "nothing was written"
                )
    return footer.num_rows


def _action(info: FileInfo, target_path: str, rows: int) -> AddAction:
    parts = (part.partition("=") for part in PurePosixPath(target_path).parts[:-1])
    return AddAction(
        path=target_path,
        size=info.size,
        partition_values={name: value for name, _, value in parts},
        modification_time=info.mtime_ns // 1_000_000,
        data_change=True,
        stats=json.dumps({"numRecords": rows}),
    )
