"""The format version of a lake's tables: a new lake gets the current version, a lake of another version is refused."""

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
    """The methods of a lake that this module uses; a protocol, since `jobs.lake.tables` imports this module."""

    root: str

    def exists(self, table: Table) -> bool:
        """True once the table has been written."""

    def read_rows(self, table: Table) -> pa.Table:
        """A small table as Arrow."""

    def append_rows(self, table: Table, rows: list[dict[str, object]]) -> int:
        """Add rows in one commit."""


FORMATS = (
    "the lake carries its version; tables have their contracts' columns and comments",
    "late events carry user, event type and codes; those of before have none",
    "runs that change published days say why and who asked; those of before do not",
    "refunds that are sums keep their lines; one of before has a single line",
    "late events can be counted by a backfill; those of before once a replay has read them",
    "who was active in any listed member stands in facts.user_listed_day",
    "every state of an order is kept; of an order of before there is the one that held",
)
"""What each format brought, the first one first. A new line, whenever tables that exist would no longer fit their
contracts, makes a format to which `activelake migrate` brings every older lake: it adds the columns that contracts have
gained, and does what jobs/upkeep/migrations.py says of that format besides."""
CURRENT = len(FORMATS)


def format_of(lake: SmallTables) -> int | None:
    """Format version of a lake; 0 for one from before versions were recorded, None for an empty one."""
    recorded: int | None = pc.max(lake.read_rows(LAKE_FORMAT)["format_version"]).as_py()
    if recorded is not None:
        return recorded
    return 0 if any(lake.exists(table) for table in (RUN, INGESTED_FILE)) else None


def is_new(lake: SmallTables) -> bool:
    """True for an empty lake, False for one of the current format version.

    Raises:
        ConfigError: the lake has another version; the message says what to do.
    """
    stored_version = format_of(lake)
    refuse_newer(lake, stored_version)
    if stored_version is not None and stored_version < CURRENT:
        raise ConfigError(
            f"{lake.root}: the lake has format {stored_version}, this program keeps {CURRENT}: run `activelake migrate`"
        )
    return stored_version is None


def refuse_newer(lake: SmallTables, stored_version: int | None) -> None:
    """Refuse a lake that a newer program has written.

    Raises:
        ConfigError: names both versions.
    """
    if stored_version is not None and stored_version > CURRENT:
        raise ConfigError(
            f"{lake.root}: the lake has format {stored_version} of a newer program, this one knows {CURRENT}: install that program"
        )


def stamp(lake: SmallTables, format_version: int = CURRENT) -> None:
    """Record the format version of the lake."""
    row = {
        "format_version": format_version,
        "applied_at": datetime.now(UTC),
        "code_version": version("activelake"),
    }
    lake.append_rows(LAKE_FORMAT, [row])
