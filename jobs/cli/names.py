"""Names that a user types: completed by the shell, and put right where they are mistyped."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from conf.errors import ActiveLakeError, ConfigError
from jobs.cli.options import deployment

if TYPE_CHECKING:
    from schemas.contract import Table

RAW = "raw"
"""The layer whose tables have one form, and the name of that form."""


def table_names() -> list[tuple[str, str]]:
    """Every table by its bare and by its full name, each with the table's grain."""
    from schemas.catalog import BARE_NAMES, TABLES

    return [(name, table.grain) for name, table in (*BARE_NAMES.items(), *TABLES.items())]


def source_names() -> list[str]:
    """The mappings of the deployment; none where its settings cannot be read."""
    try:
        return list(deployment().sources)
    except ActiveLakeError:
        return []


def table_named(name: str) -> Table:
    """A table by `layer.table`, or by its bare name where only one layer has it.

    Raises:
        ConfigError: there is none; says which name is meant, or all that exist.
    """
    from schemas.catalog import BARE_NAMES, TABLES

    tables = BARE_NAMES | TABLES
    if name in tables:
        return tables[name]
    close = {tables[match].name: None for match in get_close_matches(name, tables)}
    hint = f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(sorted(TABLES))}"
    raise ConfigError(f"{name}: no such table; {hint}")
