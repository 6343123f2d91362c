"""The dates that a run is about: what has arrived, what is closed, and which days are computed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


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
