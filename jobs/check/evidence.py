"""What the audit holds the staged frames against, read from the lake and not from the frames themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import pyarrow.compute as pc

from conf.scopes import ALL, FIXED_SCOPES, SCOPE_TYPES
from conf.settings import Settings
from jobs.calendar.dates import DateRange
from jobs.check.coverage import ExpectedRows, Scope
from jobs.check.profile import profiles
from jobs.clean.balance import accepted_events
from jobs.lake.tables import Lake
from jobs.mapping.kinds import mapped_kinds
from jobs.publish.stage import Staged, staged_range
from schemas.clean.activity import EVENTS
from schemas.clean.members import MEMBERS
from schemas.ops.tables import LATE_ENTRY
from schemas.reports.declaration import Report


@dataclass(frozen=True)
class Evidence:
    """What is known besides the staged frames.

    Attributes:
        kinds: kinds of feeds that are mapped.
        profiles: rows of ops.profile of the run, by table.
        event_rows: rows of clean.events.
        accepted_events: accepted activity records of ops.ingest_balance.
        entered_events: late events that backfills have brought in.
        accepted_on_days: accepted records that arrived on the computed days.
        days: report → first and last day that its staged rows replace.
        published: rows of a report that are published now, of the days from the first one to the one before the second.
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
    days: Mapping[str, DateRange]
    published: Callable[[Report, date, date], pd.DataFrame]
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
        accepted_on_days=accepted_events(lake, settings, staged_range(item.days for item in staged)),
        days={item.table.name: item.days for item in staged if item.days is not None},
        published=partial(_published, lake),
        since=_since(members, start),
        declared_since=declared,
    )


def _published(lake: Lake, report: Report, first: date, before: date) -> pd.DataFrame:
    rows = lake.read_rows(report)
    day = rows[report.day]
    return rows.filter(pc.and_(pc.greater_equal(day, first), pc.less(day, before))).to_pandas()


def _since(members: list[dict[str, Any]], start: date) -> dict[Scope, date]:
    since: dict[Scope, date] = dict.fromkeys(FIXED_SCOPES, start)
    return since | {(m["scope_type"], m["scope_id"]): max(m["valid_from"], start) for m in members}


def expected_rows(
    report: Report, days: DateRange | None, evidence: Evidence, spine_days: DateRange, share: float
) -> ExpectedRows:
    """What a staged frame must hold, by the spine of its report.

    Args:
        days: first and last day that the frame replaces; None where it replaces the whole table.
        spine_days: first and last day of the history.
        share: of required columns that must be known.
    """
    start = spine_days[0]
    scopes: dict[str | None, Mapping[Scope, date]] = {
        None: {},
        "platform": {(ALL, ALL): start},
        "scope_type": {(scope_type,): start for scope_type in SCOPE_TYPES},
        "scope": evidence.since,
    }
    return ExpectedRows(
        days=None if report.spine.day is None else days or spine_days,
        scopes=scopes[report.spine.per],
        mapped_columns=frozenset(
            metric.name
            for metric in report.metrics
            if report.family.source_kinds.get(metric.source) in evidence.kinds
        ),
        min_non_null_share=share,
    )
