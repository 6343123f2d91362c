"""The dates that a computation is about: what has arrived, what is closed, and which days each report computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from conf.settings import Settings
from jobs.arrival.closure import closures
from jobs.arrival.history import history_start
from jobs.arrival.horizon import Horizon
from jobs.calendar.dates import DateRange
from jobs.lake.tables import Lake
from schemas.catalog import REPORTS
from schemas.kinds import REQUIRED
from schemas.metrics.declaration import definition_hash
from schemas.reports.declaration import Report


@dataclass(frozen=True)
class ReportWindow:
    """The dates and definitions by which one report frame is made.

    Attributes:
        date_from: first day (or cohort date) to compute.
        date_to: last day to compute.
        history_start: first day of the spine.
        last_arrival: last day of the spine.
        sources_arrived: last day up to which every source of the report has arrived; None where one has not at all.
        closed_through: last closed day of the report's sources.
        definition_hash: identity of the report's definitions.
    """

    date_from: date
    date_to: date
    history_start: date
    last_arrival: date
    sources_arrived: date | None
    closed_through: date
    definition_hash: str


@dataclass(frozen=True)
class ComputedDays:
    """The days of one computation.

    Attributes:
        days: first and last day that is computed.
        history_start: first day of the spine.
        last_arrival: last day of the spine.
        windows: the window of each report that is built and whose rows close.
    """

    days: DateRange
    history_start: date
    last_arrival: date
    windows: Mapping[str, ReportWindow]


def computed_days(
    settings: Settings, lake: Lake, horizon: Mapping[str, Horizon], days: DateRange
) -> ComputedDays:
    """What is computed where these days are asked for: those of them that lie on the spine, and what they restate."""
    activity = horizon[REQUIRED.name]
    start, last = history_start(settings, lake, activity), activity.last_arrival
    date_from, date_to = max(days[0], start), min(days[1], last)
    closure_of = closures(settings, horizon, start)
    windows = {
        report.name: ReportWindow(
            date_from=max(start, date_from - timedelta(days=report.family.restated_days)),
            date_to=date_to,
            history_start=start,
            last_arrival=last,
            sources_arrived=closure_of[report.name].sources_arrived,
            closed_through=closure_of[report.name].closed_through,
            definition_hash=report_hash(settings, report),
        )
        for report in REPORTS
        if report.name in closure_of
    }
    return ComputedDays((date_from, date_to), start, last, windows)


def report_hash(settings: Settings, report: Report) -> str:
    """Identity of what a report's numbers mean: metrics, qualifying rules, zone and lateness; never member lists."""
    qualifying = {
        f"{source}.{feed_name}": [feed.exposure, sorted(feed.filters.items())]
        for source, mapping in sorted(settings.sources.items())
        for feed_name, feed in sorted(mapping.feeds.items())
    }
    beside_metrics: dict[str, object] = {
        "zone": settings.business_zone,
        "allowed_lateness_days": settings.allowed_lateness_days,
        "qualifying": qualifying,
        "windows": report.family.windows,
    }
    return definition_hash(report.metrics, beside_metrics)
