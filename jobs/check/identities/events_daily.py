"""Identities of activity by event type, with the sums over all types."""

from __future__ import annotations

import pandas as pd

from jobs.check.evidence import Evidence
from jobs.check.identities.identity import Frames, Identity, sides
from schemas.facts.user_scope_day import SCOPE_KEY
from schemas.reports.activity import ACTIVITY_DAILY
from schemas.reports.events_daily import EVENTS_DAILY_REPORT


def _event_types(frames: Frames, _: Evidence) -> pd.DataFrame:
    keys, kinds = ["activity_date", *SCOPE_KEY], ["events", "exposures"]
    sums = frames[EVENTS_DAILY_REPORT.name].groupby(keys, as_index=False)[kinds].sum()
    both = frames[ACTIVITY_DAILY.name][[*keys, *kinds]].merge(
        sums, on=keys, how="outer", suffixes=("", "_by_type")
    )
    # A scope without any event has no row by type.
    parts = [sides(both[f"{kind}_by_type"].fillna(0), both[kind]) for kind in kinds]
    return pd.concat(parts, ignore_index=True)


BUILDERS = {"event_types": Identity(_event_types, (ACTIVITY_DAILY, EVENTS_DAILY_REPORT))}
