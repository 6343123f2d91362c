"""How far the sources behind each report have arrived, and what that closes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from conf.settings import Settings
from jobs.arrival.horizon import Horizon
from jobs.mapping.kinds import mapped_kinds
from schemas.catalog import METRIC_REPORTS
from schemas.kinds import REQUIRED
from schemas.metrics.orders import KIND_OF
from schemas.reports.orders import ORDERS_DAILY_REPORT

ACTIVITY_TABLES = tuple(report.name for report in METRIC_REPORTS if report is not ORDERS_DAILY_REPORT)


@dataclass(frozen=True)
class Closure:
    """How far a report's own sources are.

    Attributes:
        sources_arrived: last day up to which all of them have arrived; None where one has not at all.
        closed_through: last closed day; the day before the spine where one has not arrived.
    """

    sources_arrived: date | None
    closed_through: date


def closures(settings: Settings, horizon: Mapping[str, Horizon], start: date) -> dict[str, Closure]:
    """The reach of each report that is built.

    Args:
        start: first day of the spine.
    """
    reads = dict.fromkeys(ACTIVITY_TABLES, frozenset({REQUIRED.name}))
    commerce = mapped_kinds(settings) & frozenset(KIND_OF.values())
    if commerce:
        reads[ORDERS_DAILY_REPORT.name] = commerce
    return {name: _reach([horizon.get(kind) for kind in kinds], start) for name, kinds in reads.items()}


def _reach(sources: list[Horizon | None], start: date) -> Closure:
    there = [source for source in sources if source is not None]
    if len(there) < len(sources):
        return Closure(None, start - timedelta(days=1))
    return Closure(min(s.last_arrival for s in there), min(s.closed_through for s in there))
