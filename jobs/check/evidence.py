"""What the audit holds the staged frames against, read from the lake and not from the frames themselves."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pyarrow.compute as pc

from jobs.lake import Lake
from schemas.clean.commerce import ORDER_LINES
from schemas.clean.people import MEMBERS
from schemas.columns.identity import SCOPE_TYPES
from schemas.facts.activity import USER_SCOPE_DAY


def owed_scopes(lake: Lake, history_start: date) -> dict[tuple[str, str], date]:
    """Every scope with the first day on which it owes a row."""
    owed = {(t, i): history_start for t in SCOPE_TYPES if t != "all" for i in ("unknown", "unassigned")}
    owed["all", "all"] = history_start
    for row in lake.read_rows(MEMBERS).to_pylist():
        owed[row["scope_type"], row["scope_id"]] = max(row["valid_from"], history_start)
    return owed


def order_line_sums(lake: Lake) -> pd.DataFrame | None:
    """(order_date, amount) of clean.order_lines; None where no lines are mapped."""
    if not lake.exists(ORDER_LINES):
        return None
    lines = lake.read_rows(ORDER_LINES).select(["order_date", "amount"])
    summed = lines.group_by("order_date").aggregate([("amount", "sum")]).to_pandas()
    return summed.rename(columns={"amount_sum": "amount"}).dropna(subset=["order_date"])


def unlisted_codes(activity: pd.DataFrame) -> list[str]:
    """A line per scope type whose events carry codes that are no members."""
    unknown = activity[activity["scope_id"] == "unknown"].groupby("scope_type")["events"].sum()
    return [
        f"{scope_type}: {events:,} events of these days carry codes that are not listed and count as `unknown`; "
        "`activelake members discover` lists the codes"
        for scope_type, events in unknown.items()
        if events
    ]


def early_events(lake: Lake, days: tuple[date, date]) -> list[str]:
    """A line per declared member that has events on these days before its `since`; they count for it."""
    listed = lake.read_rows(MEMBERS).to_pylist()
    young = [row for row in listed if row["is_declared"] and row["valid_from"] > days[0]]
    lines = []
    for row in sorted(young, key=lambda row: (row["scope_type"], row["scope_id"])):
        last = min(days[1], row["valid_from"] - timedelta(days=1))
        own = (pc.field("scope_type") == row["scope_type"]) & (pc.field("scope_id") == row["scope_id"])
        on_days = (pc.field("event_date") >= days[0]) & (pc.field("event_date") <= last)
        events = pc.sum(lake.scan(USER_SCOPE_DAY, ["events"], own & on_days)["events"]).as_py()
        if events:
            lines.append(
                f"{row['scope_type']} {row['scope_id']}: {events:,} events of these days lie before its since, "
                f"{row['valid_from']}, and count for it"
            )
    return lines
