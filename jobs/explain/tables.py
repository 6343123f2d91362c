"""The published tables and ops tables that explanations are made from, as pandas frames."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from conf.errors import ConfigError
from conf.settings import Settings
from jobs.lake.tables import Lake
from jobs.mapping.kinds import feeds_of
from schemas.contract import Table
from schemas.kinds import REQUIRED
from schemas.ops.tables import INGEST_BALANCE, LATENESS
from schemas.reports.activity import ACTIVITY_DAILY, ENGAGEMENT_REPORT
from schemas.reports.dimensions import DIM_SCOPE
from schemas.reports.events_daily import EVENTS_DAILY_REPORT
from schemas.reports.freshness import FRESHNESS
from schemas.reports.retention import RETENTION_REPORT


@dataclass(frozen=True)
class Tables:
    """The published rows; frames of reports hold only rows over all users (group_type all).

    Attributes:
        logs: sources (`mapping.feed`) whose records are activity.
    """

    activity: pd.DataFrame
    event_types: pd.DataFrame
    engagement: pd.DataFrame
    retention: pd.DataFrame
    scopes: pd.DataFrame
    freshness: pd.DataFrame
    lateness: pd.DataFrame
    balance: pd.DataFrame
    logs: tuple[str, ...]

    def closed_through(self) -> date:
        """Last closed day of activity: later days may still change."""
        activity = self.freshness[self.freshness["table_name"] == ACTIVITY_DAILY.name]
        day: date = activity["closed_through"].iloc[0]
        return day


def read_tables(settings: Settings) -> Tables:
    """Read the tables from the deployment's lake.

    Raises:
        ConfigError: nothing is published in it.
    """
    lake = Lake(settings.lake)
    if not lake.exists(FRESHNESS):
        raise ConfigError(f"{lake.root}: nothing is published; `activelake run` does it")
    return Tables(
        activity=_uncut(lake, ACTIVITY_DAILY),
        event_types=_uncut(lake, EVENTS_DAILY_REPORT),
        engagement=_uncut(lake, ENGAGEMENT_REPORT),
        retention=_uncut(lake, RETENTION_REPORT),
        scopes=lake.read_rows(DIM_SCOPE).to_pandas(),
        freshness=lake.read_rows(FRESHNESS).to_pandas(),
        lateness=lake.read_rows(LATENESS).to_pandas(),
        balance=lake.read_rows(INGEST_BALANCE).to_pandas(),
        logs=tuple(sorted(feeds_of(settings, REQUIRED))),
    )


def _uncut(lake: Lake, table: Table) -> pd.DataFrame:
    rows = lake.read_rows(table).to_pandas()
    return rows[rows["group_type"] == "all"].drop(columns=["group_type", "group_id"])
