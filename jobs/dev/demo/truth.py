"""The true numbers of the demo: counted while the landing files are written, never by reading those files."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from jobs.dev.demo.lines import AnyInts


class Truth:
    """The true numbers of one demo.

    Attributes:
        records: (feed, landing day, outcome, reason) → number of records that must get this outcome.
        rows: (clean table, day) → number of rows; the day is empty for rows whose day lies outside of the demo.
        exposures: number of accepted events that are exposures.
        plants: one entry per plant.
    """

    def __init__(self) -> None:
        self.records: Counter[tuple[str, str, str, str]] = Counter()
        self.rows: Counter[tuple[str, str]] = Counter()
        self.exposures = 0
        self.plants: list[dict[str, Any]] = []

    def add(self, feed: str, day: str, outcome: str, reason: str = "", records: int = 1) -> None:
        """Count records of a feed that land on a day and must get an outcome."""
        if records:
            self.records[feed, day, outcome, reason] += records

    def add_each(
        self, feed: str, days: Sequence[str], at: AnyInts, outcomes: Sequence[str], outcome: AnyInts
    ) -> None:
        """Count records of a feed.

        Args:
            at: index into `days` of each record's landing day.
            outcomes: texts `outcome:reason`.
            outcome: index into `outcomes` of each record.
        """
        counts = np.bincount(at * len(outcomes) + outcome, minlength=len(days) * len(outcomes))
        for index in np.nonzero(counts)[0].tolist():
            day, kind = divmod(index, len(outcomes))
            outcome_name, reason = outcomes[kind].split(":")
            self.add(feed, days[day], outcome_name, reason, int(counts[index]))

    def add_rows(self, table: str, days: Sequence[str], at: AnyInts) -> None:
        """Count rows of a clean table by the index of their day in `days`; rows with another index have no day."""
        has_day = (at >= 0) & (at < len(days))
        for index, rows in enumerate(np.bincount(at[has_day], minlength=len(days)).tolist()):
            self.rows[table, days[index]] += rows
        self.rows[table, ""] += int(np.sum(~has_day))

    def tables(self) -> dict[str, int]:
        """Table → number of rows."""
        totals: Counter[str] = Counter()
        for (table, _), rows in self.rows.items():
            totals[table] += rows
        return dict(sorted(totals.items()))

    def totals(self) -> dict[str, dict[str, int]]:
        """Feed → `outcome` or `outcome:reason` → number of records."""
        totals: dict[str, Counter[str]] = {}
        for (feed, _, outcome, reason), records in self.records.items():
            totals.setdefault(feed, Counter())[f"{outcome}:{reason}".rstrip(":")] += records
        return {feed: dict(sorted(counts.items())) for feed, counts in sorted(totals.items())}

    def write(self, path: Path) -> None:
        """Write truth.json: records per feed, day and outcome, rows per table and day, their totals, and the plants."""
        body = {
            "feeds": self.totals(),
            "days": _nested(
                (feed, day, f"{outcome}:{reason}".rstrip(":"), n)
                for (feed, day, outcome, reason), n in self.records.items()
            ),
            "tables": self.tables(),
            "table_days": _nested((*key, rows) for key, rows in self.rows.items() if rows),
            "exposures": self.exposures,
            "plants": self.plants,
        }
        path.write_text(json.dumps(body, indent=2, default=str) + "\n", encoding="utf-8")


def _nested(counts: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    """Turn tuples (key, key, …, number) into nested dictionaries, sorted by their keys."""
    nested: dict[str, Any] = {}
    for *keys, last, number in sorted(counts):
        inner = nested
        for key in keys:
            inner = inner.setdefault(key, {})
        inner[last] = number
    return nested
