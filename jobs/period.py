"""The dates that a run is about: what has arrived, what is closed, and which days are computed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


def dates(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@dataclass(frozen=True)
class Horizon:
    """How far one kind of feed has arrived.

    Attributes:
        first_arrival: first landed day; first event date for whole deliveries is found later, in the events.
        last_arrival: last day up to which every file that the calendar promises has arrived.
        closed_through: last business day that can get no more records by the rules of lateness.
        is_whole: every input of the kind is a history delivered whole.
        is_daily: an input of the kind owes a file of every day.
        gaps: inputs and days that a daily calendar promises and that have not landed, up to the newest landed day.
    """

    first_arrival: date
    last_arrival: date
    closed_through: date
    is_whole: bool = False
    is_daily: bool = False
    gaps: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True)
class Context:
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
