"""What the audit holds the staged frames against, read from the lake and not from the frames themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pyarrow.compute as pc

from conf.scopes import ALL, FIXED_SCOPES, SCOPE_TYPES, UNKNOWN
from conf.settings import Settings
from jobs.calendar.dates import DateRange
from jobs.check.coverage import Owed, Scope
from jobs.check.profile import profiles
from jobs.clean.balance import accepted_events
from jobs.lake.tables import Lake
from jobs.mapping.kinds import mapped_kinds
from jobs.publish.stage import Staged
from schemas.clean.activity import EVENTS
from schemas.clean.members import MEMBERS
from schemas.facts.user_scope_day import USER_SCOPE_DAY
from schemas.metrics.activity import HISTOGRAM_DAYS
from schemas.metrics.orders import KIND_OF
from schemas.metrics.retention import COHORT_KINDS, WINDOWS
from schemas.ops.tables import LATE_ENTRY
from schemas.reports.activity import ACTIVITY_DAILY
from schemas.reports.declaration import Report
from schemas.reports.dimensions import DIM_DATE, DIM_SCOPE
from schemas.reports.retention import RETENTION_REPORT

_PER_SCOPE = {"active_days": HISTOGRAM_DAYS, "cohort": len(COHORT_KINDS) * len(WINDOWS)}


@dataclass(frozen=True)
class Evidence:
    """What is known besides the staged frames.

    Attributes:
        kinds: kinds of feeds that are mapped.
        profiles: rows of ops.profile of the run, by table.
        event_rows: rows of clean.events.
        accepted_events: accepted activity records of ops.ingest_balance.
        entered_events: late events that backfills have brought in.
        accepted_on_days: accepted records that arrived on the staged days.
        earlier_activity: published activity of the cohort dates before the staged days.
        since: scope → first day of its spine.
        declared_since: scope type → the day from which every declared member has rows, where that is after
            history_start.
    """

    kinds: frozenset[str]
    profiles: Mapping[str, pd.DataFrame]
    event_rows: int
    accepted_events: int
    entered_events: int
    accepted_on_days: int
    earlier_activity: pd.DataFrame
    since: Mapping[Scope, date]
    declared_since: Mapping[str, date]

    def per_day(self, table_name: str, column: str | None = None) -> dict[date, Any]:
        """Rows of a clean table per day, or the exact sum of a column; days without rows are not there."""
        rows = self.profiles.get(table_name)
        if rows is None:
            return {}
        dated = rows[rows["profile_date"].notna()]
        if column is not None:
            dated = dated[dated["column_name"] == column]
        return dict(
            zip(dated["profile_date"], dated["row_count" if column is None else "sum_value"], strict=True)
        )


def collect_evidence(lake: Lake, settings: Settings, staged: list[Staged], start: date) -> Evidence:
    """The evidence for what is staged; `start` is the first day of the spine."""
    days = days_of(staged, ACTIVITY_DAILY.name)
    members = lake.read_rows(MEMBERS).to_pylist()
    declared: dict[str, date] = {}
    for row in members:
        if row["is_declared"] and row["valid_from"] > start:
            declared[row["scope_type"]] = max(row["valid_from"], declared.get(row["scope_type"], start))
    return Evidence(
        kinds=mapped_kinds(settings),
        profiles=profiles(lake, staged[0].run_id),
        event_rows=lake.count_rows(EVENTS),
        accepted_events=accepted_events(lake, settings),
        entered_events=lake.read_rows(LATE_ENTRY).num_rows,
        accepted_on_days=accepted_events(lake, settings, days),
        earlier_activity=_earlier_activity(lake, days_of(staged, RETENTION_REPORT.name), days),
        since=_since(members, start),
        declared_since=declared,
    )


def days_of(staged: list[Staged], name: str) -> DateRange:
    """First and last staged day of a report that has days."""
    days = next(item.days for item in staged if item.table.name == name)
    assert days is not None
    return days


def _since(members: list[dict[str, Any]], start: date) -> dict[Scope, date]:
    since: dict[Scope, date] = dict.fromkeys(FIXED_SCOPES, start)
    return since | {(m["scope_type"], m["scope_id"]): max(m["valid_from"], start) for m in members}


def _earlier_activity(lake: Lake, cohorts: DateRange, days: DateRange) -> pd.DataFrame:
    published = lake.read_rows(ACTIVITY_DAILY)
    day = published["activity_date"]
    return published.filter(pc.and_(pc.greater_equal(day, cohorts[0]), pc.less(day, days[0]))).to_pandas()


def owed(item: Staged, evidence: Evidence, start: date, last: date, share: float) -> Owed:
    """What a staged frame must hold, from the declaration of its report."""
    everything: dict[Scope, date] = {(ALL, ALL): start}
    if item.table.name == DIM_DATE.name:
        return Owed((start, last), min_non_null_share=share)
    if item.table.name == DIM_SCOPE.name:
        return Owed(None, dict(evidence.since), min_non_null_share=share)
    if not isinstance(item.table, Report):
        return Owed(None, min_non_null_share=share)
    if item.table.spine == "scope_type_day":
        types: dict[Scope, date] = {(scope_type,): start for scope_type in SCOPE_TYPES}
        return Owed(item.days, types, min_non_null_share=share)
    scopes = everything if item.table.spine == "order_day" else dict(evidence.since)
    known = frozenset(m.name for m in item.table.metrics if KIND_OF.get(m.source) in evidence.kinds)
    return Owed(item.days, scopes, _PER_SCOPE.get(item.table.spine, 1), known, share)


def unlisted_codes(activity: pd.DataFrame) -> list[str]:
    """A line per scope type whose events carry codes that are no members."""
    unknown = activity[activity["scope_id"] == UNKNOWN].groupby("scope_type")["events"].sum()
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
        own = (pc.field("scope_type") == row["scope_type"]) & (pc.field("scope_id") == row["scope_id"])
        on_days = (pc.field("event_date") >= days[0]) & (pc.field("event_date") <= last)
        events = pc.sum(lake.scan(USER_SCOPE_DAY, ["events"], own & on_days)["events"]).as_py()
        if events:
            lines.append(
                f"{row['scope_type']} {row['scope_id']}: {events:,} events of these days lie before its since, "
                f"{row['valid_from']}, and count for it"
            )
    return lines
