"""The causes of a change as one table: faults of the data first, then changes in what users did."""

from __future__ import annotations

import pandas as pd

from jobs.explain.change import NO_MEMBER, Change
from jobs.explain.question import CERTAIN, on_day
from jobs.explain.tables import Tables

COLUMNS = ["cause", "subject", "change", "share_of_change", "evidence"]
_Row = tuple[str, str, int, str]


def causes(tables: Tables, change: Change) -> pd.DataFrame:
    """One row per cause: cause, subject, change, share_of_change, evidence; the largest fault comes first.

    Faults, and the end of faults, are `event type vanished`, `event type appeared`, `late events`, `empty log`,
    `outage` and `reopened`. After them come `number of users` and `use of members`, which are no faults, and a row
    `not closed yet` for each of the two days on which the number may still change.
    """
    fault_rows = [*_tracking(change), *_completeness(change), *_outages(tables, change)]
    faults = sorted((row for row in fault_rows if row[2]), key=lambda row: (-abs(row[2]), row))
    by_outage = sum(row[2] for row in faults if row[0] in ("outage", "reopened"))
    moved = change.parts.set_index("part")["change"]
    plain: list[_Row] = [
        ("number of users", "all", int(moved["volume"]), "more or fewer users, each doing the same"),
        ("use of members", _largest(change), int(moved["mix"]) - by_outage, "users did more or less there"),
    ]
    plain.sort(key=lambda row: -abs(row[2]))
    total = change.after - change.before
    days = (change.question.before, change.question.after)
    open_days: list[_Row] = [
        ("not closed yet", str(day), 0, "events of the day may still arrive")
        for day in days if day > tables.closed_through()
    ]  # fmt: skip
    rows = [
        (cause, subject, number, round(number / total, 3) if total else None, evidence)
        for cause, subject, number, evidence in (*faults, *plain, *open_days)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _tracking(change: Change) -> list[_Row]:
    return [
        (
            "event type vanished" if row.change < 0 else "event type appeared", row.event_type, row.change,
            f"{row.before} on {change.question.before}, {row.after} on {change.question.after}, in every scope alike",
        )
        for row in change.event_types.itertuples()
    ]  # fmt: skip


def _completeness(change: Change) -> list[_Row]:
    return [
        (
            row.what, row.subject, row.change,
            "clean.late_event holds them; a backfill counts them" if row.what == "late events" else
            f"no record of the log arrived on {change.question.after}",
        )
        for row in change.completeness.itertuples()
    ]  # fmt: skip


def _outages(tables: Tables, change: Change) -> list[_Row]:
    """Members without any event on one of the two days and with at least CERTAIN events on the other."""
    question = change.question
    logged = [
        on_day(tables.activity, day)[["events", "exposures"]].sum(axis=1)
        for day in (question.before, question.after)
    ]
    rows = []
    for row in change.members.itertuples():
        before, after = (int(series.get((row.scope_type, row.scope_id), 0)) for series in logged)
        if min(before, after) == 0 and max(before, after) >= CERTAIN and row.scope_id != "unknown":
            evidence = f"{before} events and exposures on {question.before}, {after} on {question.after}"
            cause = "outage" if after == 0 else "reopened"
            rows.append((cause, f"{row.scope_type} {row.scope_id}", int(row.change), evidence))
    return rows


def _largest(change: Change) -> str:
    """The member with the largest change."""
    largest = change.members["change"].abs().to_numpy().argmax()
    row = change.members.iloc[largest]
    if row["scope_id"] == NO_MEMBER:
        return f"no single {row['scope_type']}"
    return f"mostly {row['scope_type']} {row['scope_id']}"
