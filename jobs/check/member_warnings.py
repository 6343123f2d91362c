"""What a run tells of members without stopping: codes that nobody listed, and events before a member's `since`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pandas as pd
import pyarrow.compute as pc

from jobs.calendar.dates import DateRange
from jobs.lake.tables import Lake
from schemas.clean.members import MEMBERS
from schemas.facts.user_scope_day import USER_SCOPE_DAY
from schemas.reports.activity import ACTIVITY_DAILY


def member_warnings(lake: Lake, frames: Mapping[str, pd.DataFrame], days: DateRange) -> list[str]:
    """A line per scope type with unlisted codes, and per member with early events.

    Args:
        frames: staged report frames by table name.
        days: first and last computed day.
    """
    return unlisted_codes(frames[ACTIVITY_DAILY.name]) + early_events(lake, days)


def unlisted_codes(activity: pd.DataFrame) -> list[str]:
    """A line per scope type whose events carry codes that are no members."""
    unknown = activity[activity["scope_id"] == "unknown"].groupby("scope_type")["events"].sum()
    return [
        f"{scope_type}: {events:,} events of these days carry codes that are not listed and count as `unknown`; "
        "`activelake members discover` lists the codes"
        for scope_type, events in unknown.items()
        if events
    ]


def early_events(lake: Lake, days: DateRange) -> list[str]:
    """A line per declared member that has events on these days before its `since`; they count for it."""
    listed = lake.read_rows(MEMBERS).to_pylist()
    young = [row for row in listed if row["is_declared"] and row["valid_from"] > days[0]]
    lines = []
    for row in sorted(young, key=lambda row: (row["scope_type"], row["scope_id"])):
        last = min(days[1], row["valid_from"] - timedelta(days=1))
        of_member = (pc.field("scope_type") == row["scope_type"]) & (pc.field("scope_id") == row["scope_id"])
        on_days = (pc.field("event_date") >= days[0]) & (pc.field("event_date") <= last)
        events = pc.sum(lake.scan(USER_SCOPE_DAY, ["events"], of_member & on_days)["events"]).as_py()
        if events:
            lines.append(
                f"{row['scope_type']} {row['scope_id']}: {events:,} events of these days lie before its since, "
                f"{row['valid_from']}, and count for it"
            )
    return lines
