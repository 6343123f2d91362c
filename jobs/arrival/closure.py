"""How far the sources behind each report have arrived, and what that closes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from conf.settings import Settings
from jobs.arrival.horizon import Horizon
from jobs.mapping.kinds import mapped_kinds
from schemas.catalog import REPORTS


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
    """The closure of each report that is built and whose rows close.

    Args:
        start: first day of the spine.
    """
    mapped = mapped_kinds(settings)
    kinds_of = {
        report.name: report.family.completeness.closing_kinds(mapped)
        for report in REPORTS
        if report.family.completeness is not None
    }
    return {
        name: _closure([horizon.get(kind) for kind in kinds], start)
        for name, kinds in kinds_of.items()
        if kinds
    }


def _closure(sources: list[Horizon | None], start: date) -> Closure:
    arrived = [source for source in sources if source is not None]
    if len(arrived) < len(sources):
        return Closure(None, start - timedelta(days=1))
    return Closure(min(s.last_arrival for s in arrived), min(s.closed_through for s in arrived))
