"""What is true of the landing files, kept while they are made and never read back from them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from jobs.dev.demo.lines import AnyInts


class Truth:
    """Records per feed and day by what must become of them, rows per table and day, exposures, and what was planted."""

    def __init__(self) -> None:
        self.records: Counter[tuple[str, str, str, str]] = Counter()
        self.rows: Counter[tuple[str, str]] = Counter()
        self.exposures = 0
        self.plants: list[dict[str, Any]] = []

    def add(self, feed: str, day: str, outcome: str, reason: str = "", records: int = 1) -> None:
        """Records of a feed that landed on a day and what must become of them."""
        if records:
            self.records[feed, day, outcome, reason] += records

    def add_each(
        self, feed: str, days: Sequence[str], at: AnyInts, outcomes: Sequence[str], outcome: AnyInts
    ) -> None:
        """Records by their place in `days` and in `outcomes`, which are `outcome:reason`."""
        counts = np.bincount(at * len(outcomes) + outcome, minlength=len(days) * len(outcomes))
        for index in np.nonzero(counts)[0].tolist():
            day, kind = divmod(index, len(outcomes))
            outcome_name, reason = outcomes[kind].split(":")
            self.add(feed, days[day], outcome_name, reason, int(counts[index]))

    def add_rows(self, table: str, days: Sequence[str], at: AnyInts) -> None:
        """Rows of a clean table by the place of their day in `days`; those whose place is outside have no day."""
        has_day = (at >= 0) & (at < len(days))
        for index, rows in enumerate(np.bincount(at[has_day], minlength=len(days)).tolist()):
            self.rows[table, days[index]] += rows
        self.rows[table, ""] += int(np.sum(~has_day))

    def tables(self) -> dict[str, int]:
        """Rows per table."""
        totals: Counter[str] = Counter()
        for (table, _), rows in self.rows.items():
            totals[table] += rows
        return dict(sorted(totals.items()))

    def totals(self) -> dict[str, dict[str, int]]:
        """Records per feed and `outcome` or `outcome:reason`."""
        totals: dict[str, Counter[str]] = {}
        for (feed, _, outcome, reason), records in self.records.items():
            totals.setdefault(feed, Counter())[f"{outcome}:{reason}".rstrip(":")] += records
        return {feed: dict(sorted(counts.items())) for feed, counts in sorted(totals.items())}

    def write(self, path: Path) -> None:
        """truth.json: records per feed, day and outcome, and in all; rows per table and day, and in all; plants."""
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
    """Counts by their keys, one inside the other, in the order of the keys."""
    nested: dict[str, Any] = {}
    for *keys, last, number in sorted(counts):
        inner = nested
        for key in keys:
            inner = inner.setdefault(key, {})
        inner[last] = number
    return nested
