"""Queries of refused records: how many there are, the records as received, and the days to replay. Needs no Spark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_

import pyarrow as pa
import pyarrow.compute as pc

from conf.errors import ConfigError, must_be_one_of
from conf.settings import Settings
from jobs.calendar.dates import OpenDateRange
from jobs.lake.tables import Lake
from schemas.clean.refused import QUARANTINE
from schemas.reasons import QUARANTINE_REASONS

COUNTED = ("source", "reason", "landing_date", "contract_version")
SHOWN = ("source", "file", "position", "landing_date", "reason", "detail", "raw_text")


@dataclass(frozen=True)
class Choice:
    """A selection of refused records.

    Attributes:
        source: mapping, or feed as `mapping.feed`; None for all.
        reason: code of the reason; None for all.
        days: first and last arrival day, both included; None for no limit.
    """

    source: str | None
    reason: str | None
    days: OpenDateRange


def counted(lake: Lake, settings: Settings, choice: Choice, limit: int | None) -> pa.Table:
    """One row per source, reason, arrival day and contract version with the number of records, newest days first."""
    counts = _rows(lake, settings, choice, COUNTED).group_by(list(COUNTED)).aggregate([([], "count_all")])
    named = counts.rename_columns([*COUNTED, "records"])
    order = [("landing_date", "descending"), *((n, "ascending") for n in COUNTED if n != "landing_date")]
    return named.sort_by(order).slice(0, limit)


def records(lake: Lake, settings: Settings, choice: Choice, limit: int | None) -> pa.Table:
    """One row per refused record, sorted by source, file and position."""
    rows = _rows(lake, settings, choice, SHOWN)
    return rows.sort_by([(name, "ascending") for name in QUARANTINE.key]).slice(0, limit)


def arrivals(lake: Lake, settings: Settings, choice: Choice) -> dict[str, set[date]]:
    """Mapping → arrival days of the selected records.

    Raises:
        ConfigError: no record is selected.
    """
    days_by_source: dict[str, set[date]] = defaultdict(set)
    for row in _rows(lake, settings, choice, ("source", "landing_date")).to_pylist():
        days_by_source[row["source"].split(".", 1)[0]].add(row["landing_date"])
    if not days_by_source:
        raise ConfigError(
            "no refused record is like that; `activelake quarantine list` shows those that there are"
        )
    return dict(days_by_source)


def _rows(lake: Lake, settings: Settings, choice: Choice, columns: Sequence[str]) -> pa.Table:
    conditions = [pc.field("landing_date").is_valid()]
    if choice.source is not None:
        named = {
            name: [f"{name}.{feed}" for feed in mapping.feeds] for name, mapping in settings.sources.items()
        }
        named |= {feed: [feed] for feeds in named.values() for feed in feeds}
        must_be_one_of(sorted(named), "--source", choice.source)
        conditions.append(pc.field("source").isin(named[choice.source]))
    if choice.reason is not None:
        must_be_one_of(sorted(QUARANTINE_REASONS), "--reason", choice.reason)
        conditions.append(pc.field("reason") == choice.reason)
    first, last = choice.days
    if first is not None:
        conditions.append(pc.field("landing_date") >= first)
    if last is not None:
        conditions.append(pc.field("landing_date") <= last)
    return lake.scan(QUARANTINE, columns, reduce(and_, conditions))
