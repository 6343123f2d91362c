"""The coverage guard: whether the rows that are owed are there at all; an empty or all-NULL frame never passes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import duckdb
import pandas as pd

from jobs.calendar.dates import dates
from schemas.contract import Table
from schemas.metrics.declaration import Derived
from schemas.reports.declaration import Report

Scope = tuple[str, ...]


@dataclass(frozen=True)
class Owed:
    """What a frame must hold, no less and no more.

    Attributes:
        days: first and last day; None for tables without days.
        scopes: scope_type and, where the table has it, scope_id → first day of its spine; empty where it has none.
        per_scope: rows that each scope owes per day.
        known: columns that may be NULL by contract, and not where their source is mapped.
        min_non_null_share: of required and known columns, judged on complete rows.
    """

    days: tuple[date, date] | None
    scopes: dict[Scope, date] = field(default_factory=dict)
    per_scope: int = 1
    known: frozenset[str] = frozenset()
    min_non_null_share: float = 1.0


def gaps(table: Table, frame: pd.DataFrame, owed: Owed) -> list[str]:
    """What is missing or too much, a line each; none means covered. A sparse table owes no row of its own."""
    if frame.empty:
        return [] if table.is_sparse else ["the frame has no rows"]
    missing = sorted({*table.key} - {*frame.columns})
    if missing:
        return [f"the frame has no column {name}" for name in missing]
    faults = _days(table, frame, owed) + _scopes(table, frame, owed)
    return faults + _nulls(table, frame, owed) + _undefined(table, frame)


def _days(table: Table, frame: pd.DataFrame, owed: Owed) -> list[str]:
    if owed.days is None:
        return []
    first, last = owed.days
    wanted = set(dates(first, last))
    present = set(frame[table.key[0]])
    missing, extra = sorted(wanted - present), sorted(present - wanted, key=str)
    is_short = missing and not table.is_sparse
    faults = [f"{len(missing)} days are missing, the first is {missing[0]}"] if is_short else []
    return faults + ([f"{len(extra)} days were not asked for, the first is {extra[0]}"] if extra else [])


def _scopes(table: Table, frame: pd.DataFrame, owed: Owed) -> list[str]:
    if not owed.scopes or table.is_sparse:
        return []
    names = [name for name in ("scope_type", "scope_id") if name in table.key]
    found = frame.groupby(names, dropna=False).size().to_dict()
    faults = []
    for scope, since in sorted(owed.scopes.items()):
        days = 1
        if owed.days is not None:
            days = max(0, (owed.days[1] - max(owed.days[0], since)).days + 1)
        wanted, rows = days * owed.per_scope, int(found.pop(scope if len(scope) > 1 else scope[0], 0))
        if rows != wanted:
            faults.append(f"{' '.join(scope)}: {rows} of {wanted} rows are there")
    return faults + [f"{scope}: nobody asked for this scope" for scope in sorted(found, key=str)]


def _nulls(table: Table, frame: pd.DataFrame, owed: Owed) -> list[str]:
    closed = frame[frame["is_complete"].eq(True)] if "is_complete" in frame.columns else frame
    faults = []
    for column in table.columns:
        is_owed = not column.nullable or column.name in owed.known
        if not is_owed or closed.empty or column.name not in closed.columns:
            continue
        known = float(closed[column.name].notna().mean())
        if known < owed.min_non_null_share:
            faults.append(f"{column.name}: only {known:.1%} of the rows are known")
    return faults


def _undefined(table: Table, frame: pd.DataFrame) -> list[str]:
    """Derived metrics that are other ones than their expressions say; DuckDB reads the same words as Spark."""
    derived = [m for m in table.metrics if isinstance(m, Derived)] if isinstance(table, Report) else []
    if not derived:
        return []
    differ = [f"count_if({m.name} is distinct from cast({m.expression} as {m.type}))" for m in derived]
    with duckdb.connect() as database:
        counts = (
            database.register("frame", frame).execute(f"select {', '.join(differ)} from frame").fetchone()
        )
    assert counts is not None
    return [
        f"{metric.name}: {count} rows are other than {metric.expression}"
        for metric, count in zip(derived, counts, strict=True)
        if count
    ]


def profile_gaps(table: Table, rows: pd.DataFrame, must_have_rows: bool) -> list[str]:
    """What is missing in a profile, a line each.

    Args:
        rows: rows of ops.profile about the table.
        must_have_rows: an empty table is a fault.
    """
    if rows.empty:
        return ["the table was not profiled in this run"]
    whole = rows[rows["profile_date"].isna()]
    faults = []
    if sorted(whole["column_name"]) != sorted(table.names) or len(rows) % len(table.names):
        faults.append("the profile does not speak of every column of the contract")
    if must_have_rows and not whole["row_count"].gt(0).all():
        faults.append("no rows on these days, although records were accepted that arrived on them")
    return faults
