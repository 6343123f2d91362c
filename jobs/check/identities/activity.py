"""Identities of activity: within activity_daily, with engagement and overview, and with the events themselves."""

from __future__ import annotations

import pandas as pd

from jobs.check.evidence import Evidence
from jobs.check.identities.identity import Frames, Identity, sides
from schemas.facts.user_scope_day import SCOPE_KEY
from schemas.reports.activity import ACTIVITY_DAILY, ENGAGEMENT_REPORT, OVERVIEW_REPORT

_USERS = ("dau", "wau", "mau28")
_KINDS_OF_EVENTS = ["events", "exposures", "anonymous_events", "excluded_events"]


def _accepted(_: Frames, evidence: Evidence) -> pd.DataFrame:
    return sides([evidence.event_rows], [evidence.accepted_events + evidence.entered_events])


def _events(frames: Frames, evidence: Evidence) -> pd.DataFrame:
    rows = _of_everything(frames[ACTIVITY_DAILY.name])
    clean = evidence.per_day("clean.events")
    return sides(rows[_KINDS_OF_EVENTS].sum(axis=1), [clean.get(day, 0) for day in rows["activity_date"]])


def _segments(frames: Frames, _: Evidence) -> pd.DataFrame:
    rows = frames[ACTIVITY_DAILY.name]
    return sides(rows[["light", "medium", "regular", "core"]].sum(axis=1), rows["mau28"])


def _histogram(frames: Frames, weight: str | None, column: str) -> pd.DataFrame:
    keys = ["activity_date", *SCOPE_KEY]
    histogram = frames[ENGAGEMENT_REPORT.name]
    users = histogram["users"] if weight is None else histogram["users"] * histogram[weight]
    sums = histogram[keys].assign(total=users).groupby(keys, as_index=False)["total"].sum()
    both = frames[ACTIVITY_DAILY.name][[*keys, column]].merge(sums, on=keys, how="outer")
    return sides(both["total"], both[column])


def _engagement(frames: Frames, _: Evidence) -> pd.DataFrame:
    return _histogram(frames, None, "mau28")


def _user_days(frames: Frames, _: Evidence) -> pd.DataFrame:
    return _histogram(frames, "active_days", "user_days_28")


def _per_type(frames: Frames) -> pd.DataFrame:
    """Largest member, sum of the members and the platform, per day, scope type and measure."""
    activity = frames[ACTIVITY_DAILY.name]
    platform = _of_everything(activity).set_index("activity_date")
    members = activity[activity["scope_type"] != "all"].groupby(["activity_date", "scope_type"])
    parts = []
    for name in _USERS:
        part = members[name].agg(["max", "sum"]).reset_index()
        parts.append(part.assign(platform=part["activity_date"].map(platform[name])))
    return pd.concat(parts, ignore_index=True)


def _scopes_below_all(frames: Frames, _: Evidence) -> pd.DataFrame:
    largest = _per_type(frames)
    listed = frames[OVERVIEW_REPORT.name][frames[OVERVIEW_REPORT.name]["scope_type"] != "all"].set_index(
        "activity_date"
    )
    platform = _of_everything(frames[ACTIVITY_DAILY.name]).set_index("activity_date")
    parts = [sides(listed.index.map(platform[name]), listed[name]) for name in _USERS]
    return pd.concat([sides(largest["platform"], largest["max"]), *parts], ignore_index=True)


def _scopes_cover_all(frames: Frames, evidence: Evidence) -> pd.DataFrame:
    """Days on which a declared member has no row yet are left out: what its users do is in no row of its own."""
    sums = _per_type(frames)
    types_and_days = zip(sums["scope_type"], sums["activity_date"], strict=True)
    whole = sums[[evidence.declared_since.get(scope_type, day) <= day for scope_type, day in types_and_days]]
    return sides(whole["sum"], whole["platform"])


def _overview(frames: Frames, _: Evidence) -> pd.DataFrame:
    shown = frames[OVERVIEW_REPORT.name][frames[OVERVIEW_REPORT.name]["scope_type"] == "all"]
    both = _of_everything(frames[ACTIVITY_DAILY.name]).merge(
        shown, on="activity_date", how="outer", suffixes=("", "_shown")
    )
    names = ("events", *_USERS)
    return pd.concat([sides(both[name], both[f"{name}_shown"]) for name in names], ignore_index=True)


def _of_everything(activity: pd.DataFrame) -> pd.DataFrame:
    return activity[activity["scope_type"] == "all"]


BUILDERS = {
    "accepted": Identity(_accepted),
    "events": Identity(_events, (ACTIVITY_DAILY,)),
    "segments": Identity(_segments, (ACTIVITY_DAILY,)),
    "engagement": Identity(_engagement, (ACTIVITY_DAILY, ENGAGEMENT_REPORT)),
    "user_days": Identity(_user_days, (ACTIVITY_DAILY, ENGAGEMENT_REPORT)),
    "scopes_below_all": Identity(_scopes_below_all, (ACTIVITY_DAILY, OVERVIEW_REPORT)),
    "scopes_cover_all": Identity(_scopes_cover_all, (ACTIVITY_DAILY,)),
    "overview": Identity(_overview, (ACTIVITY_DAILY, OVERVIEW_REPORT)),
}
