"""Suites of clean and fact tables: rules on the figures of their profile, one row per day and one for all days."""

from __future__ import annotations

from collections.abc import Iterable

from expectations.catalog import RULES, SIGNED
from expectations.rule import Rule, exactly
from schemas.contract import Column, Table
from schemas.kinds import FACT_TABLES


def is_never_negative(table: Table, column: Column) -> bool:
    """The column counts or sums what exists."""
    return column.name in table.metric_columns and column.name not in SIGNED and column.type != "string"


def profile_suite(table: Table) -> list[Rule]:
    """Every rule of a table's profile; the frame is that of `jobs.check.profile.wide`."""
    is_fact = table.name in FACT_TABLES
    meaning = "a key that comes again soon is the same fact" if is_fact else "the key identifies a row"
    rules = [exactly("key_duplicates", 0, meaning)]
    for column in table.columns:
        if not column.nullable:
            rules.append(exactly(f"{column.name}.null_count", 0, f"{column.name} is always known"))
        if column.allowed:
            rules.append(_inside(column, "is one of a closed list"))
        elif is_never_negative(table, column):
            rules.append(_inside(column, "counts or sums what exists"))
    return rules + list(RULES.get(table.name, ()))


def _inside(column: Column, meaning: str) -> Rule:
    return exactly(f"{column.name}.outside_count", 0, f"{column.name} {meaning}")


def profiled(tables: Iterable[Table]) -> dict[str, list[Rule]]:
    """The suite of each table by its name."""
    return {table.name: profile_suite(table) for table in tables}
