"""The coverage guard: whether the rows that must be there are there at all; an empty or all-NULL frame never passes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import duckdb
import pandas as pd

from jobs.calendar.dates import DateRange, dates
from schemas.contract import Table
from schemas.metrics.declaration import Derived
from schemas.reports.declaration import Report

Scope = tuple[str, ...]


@dataclass(frozen=True)
class ExpectedRows:
    """What a frame must hold, no less and no more.

    Attributes:
        days: first and last day; None for tables without days.
        scopes: scope_type and, where the table has it, scope_id → first day of its spine; empty where it has none.
        mapped_columns: columns that may be NULL by contract, and not where their source is mapped, as it is.
        min_non_null_share: of required and mapped columns, judged on complete rows.
    """

    days: DateRange | None
    scopes: Mapping[Scope, date] = field(default_factory=dict)
    mapped_columns: frozenset[str] = frozenset()
    min_non_null_share: float = 1.0


def gaps(report: Report, frame: pd.DataFrame, expected: ExpectedRows) -> list[str]:
    """What is missing or too much, a line each; none means covered. A sparse report need not have any row."""
    if frame.empty:
        return [] if report.spine.is_sparse else ["the frame has no rows"]
    missing = sorted({*report.key} - {*frame.columns})
    if missing:
        return [f"the frame has no column {name}" for name in missing]
    faults = _days(report, frame, expected) + _scopes(report, frame, expected)
    return faults + _nulls(report, frame, expected) + _undefined(report, frame)


def _days(report: Report, frame: pd.DataFrame, expected: ExpectedRows) -> list[str]:
    if expected.days is None or report.spine.day is None:
        return []
    wanted = set(dates(*expected.days))
    present = set(frame[report.spine.day])
    missing, extra = sorted(wanted - present), sorted(present - wanted, key=str)
    is_short = missing and not report.spine.is_sparse
    faults = [f"{len(missing)} days are missing, the first is {missing[0]}"] if is_short else []
    return faults + ([f"{len(extra)} days were not asked for, the first is {extra[0]}"] if extra else [])


def _scopes(report: Report, frame: pd.DataFrame, expected: ExpectedRows) -> list[str]:
    if not expected.scopes or report.spine.is_sparse:
        return []
    names = [name for name in ("scope_type", "scope_id") if name in report.key]
    row_counts = frame.groupby(names, dropna=False).size().to_dict()
    faults = []
    for scope, since in sorted(expected.scopes.items()):
        days = 1
        if expected.days is not None:
            days = max(0, (expected.days[1] - max(expected.days[0], since)).days + 1)
        wanted = days * report.spine.rows
        rows = int(row_counts.pop(scope if len(scope) > 1 else scope[0], 0))
        if rows != wanted:
            faults.append(f"{' '.join(scope)}: {rows} of {wanted} rows are there")
    return faults + [f"{scope}: nobody asked for this scope" for scope in sorted(row_counts, key=str)]


def _nulls(report: Report, frame: pd.DataFrame, expected: ExpectedRows) -> list[str]:
    closed = frame[frame["is_complete"].eq(True)] if "is_complete" in frame.columns else frame
    faults = []
    for column in report.columns:
        is_required = not column.nullable or column.name in expected.mapped_columns
        if not is_required or closed.empty or column.name not in closed.columns:
            continue
        share = float(closed[column.name].notna().mean())
        if share < expected.min_non_null_share:
            faults.append(f"{column.name}: only {share:.1%} of the rows are known")
    return faults


def _undefined(report: Report, frame: pd.DataFrame) -> list[str]:
    """Derived metrics that are other ones than their expressions say; DuckDB reads the same words as Spark."""
    derived = [metric for metric in report.metrics if isinstance(metric, Derived)]
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
