"""What is true of the landing files, kept while they are made and never read back from them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from jobs.demo.lines import Ints


class Truth:
    """Records per feed and day by what must become of them, rows per table, exposures, and what was planted."""

    def __init__(self) -> None:
        self.records: Counter[tuple[str, str, str, str]] = Counter()
        self.tables: Counter[str] = Counter()
        self.exposures = 0
        self.plants: list[dict[str, Any]] = []

    def add(self, feed: str, day: str, outcome: str, reason: str = "", records: int = 1) -> None:
        """Records of a feed that landed on a day and what must become of them."""
        if records:
            self.records[feed, day, outcome, reason] += records

    def add_each(
        self, feed: str, days: Sequence[str], at: Ints, outcomes: Sequence[str], outcome: Ints
    ) -> None:
        """Records by their place in `days` and in `outcomes`, which are `outcome:reason`."""
        counts = np.bincount(at * len(outcomes) + outcome, minlength=len(days) * len(outcomes))
        for place in np.nonzero(counts)[0].tolist():
            day, kind = divmod(place, len(outcomes))
            what, reason = outcomes[kind].split(":")
            self.add(feed, days[day], what, reason, int(counts[place]))

    def totals(self) -> dict[str, dict[str, int]]:
        """Records per feed and `outcome` or `outcome:reason`."""
        found: dict[str, Counter[str]] = {}
        for (feed, _, outcome, reason), records in self.records.items():
            found.setdefault(feed, Counter())[f"{outcome}:{reason}".rstrip(":")] += records
        return {feed: dict(sorted(counts.items())) for feed, counts in sorted(found.items())}

    def write(self, path: Path) -> None:
        """truth.json: totals per feed, records per feed and day, rows per table, accepted exposures, plants."""
        days: dict[str, Counter[str]] = {}
        for (feed, day, _, _), records in self.records.items():
            days.setdefault(feed, Counter())[day] += records
        body = {
            "feeds": self.totals(),
            "lines_in": {feed: dict(sorted(counts.items())) for feed, counts in sorted(days.items())},
            "tables": dict(sorted(self.tables.items())),
            "exposures": self.exposures,
            "plants": self.plants,
        }
        path.write_text(json.dumps(body, indent=2, default=str) + "\n", encoding="utf-8")
