"""The version of the form in which a lake's tables are kept: a new lake gets the current one, any other is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from conf.errors import ConfigError
from schemas.contract import Table
from schemas.ops.tables import INGESTED_FILE, LAKE_FORMAT, RUN


class SmallTables(Protocol):
    """What is asked of a lake here."""

    root: str

    def exists(self, table: Table) -> bool:
        """True once the table has been written."""

    def read_rows(self, table: Table) -> pa.Table:
        """A small table as Arrow."""

    def append_rows(self, table: Table, rows: list[dict[str, object]]) -> int:
        """Add rows in one commit."""


CURRENT = 5
"""Raised with a step in jobs/upkeep/migrations.py whenever tables that exist would no longer be what a contract says."""


def format_of(lake: SmallTables) -> int | None:
    """Version of a lake; None for one that holds nothing yet."""
    recorded: int | None = pc.max(lake.read_rows(LAKE_FORMAT)["format_version"]).as_py()
    if recorded is not None:
        return recorded
    return 0 if any(lake.exists(table) for table in (RUN, INGESTED_FILE)) else None


def is_new(lake: SmallTables) -> bool:
    """True for a lake that holds nothing yet, False for one of the current version.

    Raises:
        ConfigError: the lake is of another version; says what to do.
    """
    stored_version = format_of(lake)
    refuse_newer(lake, stored_version)
    if stored_version is not None and stored_version < CURRENT:
        raise ConfigError(
            f"{lake.root}: the lake has format {stored_version}, this program keeps {CURRENT}: run `activelake migrate`"
        )
    return stored_version is None


def refuse_newer(lake: SmallTables, stored_version: int | None) -> None:
    """Raise where a newer program has written the lake.

    Raises:
        ConfigError: names both versions.
    """
    if stored_version is not None and stored_version > CURRENT:
        raise ConfigError(
            f"{lake.root}: the lake has format {stored_version} of a newer program, this one knows {CURRENT}: install that program"
        )


def stamp(lake: SmallTables, format_version: int = CURRENT) -> None:
    """Record that the lake has a version."""
    row = {
        "format_version": format_version,
        "applied_at": datetime.now(UTC),
        "code_version": version("activelake"),
    }
    lake.append_rows(LAKE_FORMAT, [row])
