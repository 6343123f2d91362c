"""From which day on the lake counts, and how far what was ingested reaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from conf.settings import Settings
from jobs.arrival.horizon import Horizon, horizons, require_landed_kind
from jobs.lake.tables import Lake
from jobs.mapping.kinds import feeds_of
from jobs.sources.files.landing import LandedFile
from schemas.kinds import REQUIRED
from schemas.ops.tables import INGEST_BALANCE, INGESTED_FILE


def history_start(settings: Settings, lake: Lake, activity: Horizon) -> date:
    """First day of the spine: the setting, else the first arrival day, or the first event date of a whole history."""
    if settings.history_start is not None:
        return settings.history_start
    if not activity.is_whole:
        return activity.first_arrival
    balance = lake.read_rows(INGEST_BALANCE)
    feeds = sorted(feeds_of(settings, REQUIRED))
    accepted = pc.and_(
        pc.is_in(balance["source"], value_set=pa.array(feeds, pa.string())),
        pc.equal(balance["outcome"], "accepted"),
    )
    first: date | None = pc.min(balance.filter(accepted)["arrival_date"]).as_py()
    return first or activity.last_arrival


def processed_horizons(settings: Settings, lake: Lake) -> dict[str, Horizon]:
    """Horizons of what has been ingested.

    Raises:
        SourceIncomplete: nothing of the required kind has been ingested.
    """
    horizon = horizons(settings, _landed_days(lake.read_rows(INGESTED_FILE), ()))
    require_landed_kind(horizon)
    return horizon


def _landed_days(ledger: pa.Table, new: Iterable[LandedFile]) -> dict[str, set[date]]:
    days: dict[str, set[date]] = defaultdict(set)
    for row in ledger.select(["input", "landing_date"]).to_pylist():
        days[row["input"]].add(row["landing_date"])
    for file in new:
        days[file.input].add(file.landing_date)
    return days
