"""The coverage guard: whether the rows that are owed are there at all; an empty or all-NULL frame never passes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from schemas.contract import Table


@dataclass(frozen=True)
class Owed:
    """What a frame must hold.

    Attributes:
        days: first and last day; None for tables without days.
        scopes: (scope_type, scope_id) → first day of its spine; empty for tables without scopes.
        min_non_null_share: of required columns, judged on complete rows.
    """

    days: tuple[date, date] | None
    scopes: dict[tuple[str, str], date]
    min_non_null_share: float


def gaps(table: Table, frame: pd.DataFrame, owed: Owed) -> list[str]:
    """What is missing, a line each; none means covered."""
    if frame.empty:
        return ["the frame has no rows"]
    faults = []
    if owed.days is not None and table.day is not None:
        wanted = {owed.days[0] + timedelta(days=n) for n in range((owed.days[1] - owed.days[0]).days + 1)}
        present = set(frame[table.day])
        missing = sorted(wanted - present)
        extra = sorted(present - wanted)
        faults += [f"{len(missing)} days are missing, the first is {missing[0]}"] if missing else []
        faults += [f"{len(extra)} days were not asked for, the first is {extra[0]}"] if extra else []
        faults += _missing_scopes(table, frame, owed) if not missing else []
    faults += _nulls(table, frame, owed.min_non_null_share)
    return faults


def _missing_scopes(table: Table, frame: pd.DataFrame, owed: Owed) -> list[str]:
    if not owed.scopes or "scope_id" not in table.key or owed.days is None:
        return []
    first, last = owed.days
    per_scope = frame.groupby(["scope_type", "scope_id"])[table.day].nunique()
    faults = []
    for scope, since in sorted(owed.scopes.items()):
        wanted = (last - max(first, since)).days + 1
        found = int(per_scope.get(scope, 0))
        if wanted > 0 and found != wanted:
            faults.append(f"{scope[0]} {scope[1]}: {found} of {wanted} days are there")
    return faults


def _nulls(table: Table, frame: pd.DataFrame, share: float) -> list[str]:
    closed = frame[frame["is_complete"].eq(True)] if "is_complete" in frame.columns else frame
    faults = []
    for column in table.columns:
        if column.nullable or closed.empty or column.name not in closed.columns:
            continue
        known = float(closed[column.name].notna().mean())
        if known < share:
            faults.append(f"{column.name}: only {known:.1%} of the rows are known")
    return faults
