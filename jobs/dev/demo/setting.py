"""The settings of one demo: its days, how many faults it has, and the form of its files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from jobs.dev.demo.lines import epoch
from jobs.dev.demo.world import DAY

OFFSET = "+08:00"
_OFFSET_SECONDS = 8 * 3600
Track = Callable[[str, Iterable[int]], Iterable[int]]


def untracked(what: str, days: Iterable[int]) -> Iterable[int]:
    """The days as they are, without showing any progress."""
    return days


@dataclass(frozen=True)
class Setting:
    """The settings that every part of the demo uses.

    Attributes:
        start: first day.
        days: number of days from `start` on.
        faults: factor on the usual rate of every kind of fault; 0 for none.
        form: `mixed` writes half of the events as gzip JSON lines, `parquet` writes all as Parquet.
        track: wraps the loop over the days of a feed, to show progress; returns the days unchanged.
    """

    start: date
    days: int
    faults: float
    form: str
    track: Track = untracked

    @cached_property
    def days_text(self) -> list[str]:
        """Every day as ISO text."""
        return [str(self.start + timedelta(days=day)) for day in range(self.days)]

    @property
    def midnight(self) -> int:
        """Seconds since 1970 of the first local midnight, as if local time were UTC."""
        return epoch(self.start)

    @property
    def epoch_ms(self) -> int:
        """Milliseconds since 1970 of the first local midnight; the zone has no summer time."""
        return (self.midnight - _OFFSET_SECONDS) * 1000

    @property
    def end(self) -> int:
        """Seconds after the first local midnight at which the last day ends."""
        return self.days * DAY

    def folder(self, out: Path, name: str, day: int) -> Path:
        """The landing folder of a day; it is created if it is absent."""
        path = out / name / f"dt={self.days_text[day]}"
        path.mkdir(parents=True, exist_ok=True)
        return path
