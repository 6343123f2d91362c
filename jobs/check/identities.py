"""Accounting identities as frames of (left, right), which the saved expectations then judge on every row."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from jobs.check.evidence import Evidence
from schemas.metrics.retention import WINDOWS

Frames = dict[str, pd.DataFrame]
Builder = Callable[[Frames, Evidence], pd.DataFrame]
SCOPE = ["scope_type", "scope_id", "group_type", "group_id"]
EVENT_TYPES = "reports.events_daily"
ACTIVITY, ENGAGEMENT, RETENTION = "reports.activity_daily", "reports.engagement", "reports.retention"
OVERVIEW, ORDERS = "reports.overview", "reports.orders_daily"
_REACH = ("dau", "wau", "mau28")
_KINDS_OF_EVENTS = ["events", "exposures", "anonymous_events", "excluded_events"]
_INSIDE = [
    (longer.name, shorter.name)
    for longer in WINDOWS
    for shorter in WINDOWS
    if longer is not shorter and longer.day_from <= shorter.day_from and shorter.day_to <= longer.day_to
]


def _pair(left: Iterable[object], right: Iterable[object]) -> pd.DataFrame:
    return pd.DataFrame({"left": list(left), "right": list(right)}, dtype=object)


def identity_frames(frames: Frames, evidence: Evidence) -> Frames:
    """Identity → its frame; identities of tables that are not staged, and those without rows, do not apply.

    Args:
        frames: staged report frames by table name.
        evidence: what is known besides them.
    """
    found = {
        name: _built(build, frames, evidence)
        for name, (needs, build) in _BUILDERS.items()
        if frames.keys() >= needs and (name not in _IS_MAPPED or _IS_MAPPED[name](evidence))
    }
    return {name: frame for name, frame in found.items() if len(frame)}


def _built(build: Builder, frames: Frames, evidence: Evidence) -> pd.DataFrame:
    try:
        return build(frames, evidence)
    except Exception:  # such as a key that is there twice: without its two sides the identity has failed
        return pd.DataFrame({"could not be built": [True]})


def _accepted(_: Frames, evidence: Evidence) -> pd.DataFrame:
    return _pair([evidence.event_rows], [evidence.accepted_events + evidence.entered_events])


def _events(frames: Frames, evidence: Evidence) -> pd.DataFrame:
    rows = _of_everything(frames[ACTIVITY])
    clean = evidence.per_day("clean.events")
    return _pair(rows[_KINDS_OF_EVENTS].sum(axis=1), [clean.get(day, 0) for day in rows["activity_date"]])


def _segments(frames: Frames, _: Evidence) -> pd.DataFrame:
    rows = frames[ACTIVITY]
    return _pair(rows[["light", "medium", "regular", "core"]].sum(axis=1), rows["mau28"])


def _histogram(frames: Frames, weight: str | None, column: str) -> pd.DataFrame:
    keys = ["activity_date", *SCOPE]
    histogram = frames[ENGAGEMENT]
    users = histogram["users"] if weight is None else histogram["users"] * histogram[weight]
    sums = histogram[keys].assign(total=users).groupby(keys, as_index=False)["total"].sum()
    both = frames[ACTIVITY][[*keys, column]].merge(sums, on=keys, how="outer")
    return _pair(both["total"], both[column])


def _engagement(frames: Frames, _: Evidence) -> pd.DataFrame:
    return _histogram(frames, None, "mau28")


def _event_types(frames: Frames, _: Evidence) -> pd.DataFrame:
    keys, kinds = ["activity_date", *SCOPE], ["events", "exposures"]
    sums = frames[EVENT_TYPES].groupby(keys, as_index=False)[kinds].sum()
    both = frames[ACTIVITY][[*keys, *kinds]].merge(sums, on=keys, how="outer", suffixes=("", "_by_type"))
    # A scope without any event has no row by type.
    parts = [_pair(both[f"{kind}_by_type"].fillna(0), both[kind]) for kind in kinds]
    return pd.concat(parts, ignore_index=True)


def _user_days(frames: Frames, _: Evidence) -> pd.DataFrame:
    return _histogram(frames, "active_days", "user_days_28")


def _cohorts(frames: Frames, evidence: Evidence) -> pd.DataFrame:
    """Cohorts of days before the staged ones are held against what is published of those days."""
    both = pd.concat([evidence.earlier_activity, frames[ACTIVITY]], ignore_index=True)
    days = both[["activity_date", *SCOPE, "dau", "new_to_scope"]].rename(
        columns={"activity_date": "cohort_date"}
    )
    rows = frames[RETENTION].merge(days, on=["cohort_date", *SCOPE], how="left")
    size = rows["dau"].where(rows["cohort_kind"] == "recurring", rows["new_to_scope"])
    return _pair(rows["cohort_size"], size)


def _per_type(frames: Frames) -> pd.DataFrame:
    """Largest member, sum of the members and the platform, per day, scope type and measure."""
    activity = frames[ACTIVITY]
    platform = _of_everything(activity).set_index("activity_date")
    members = activity[activity["scope_type"] != "all"].groupby(["activity_date", "scope_type"])
    parts = []
    for name in _REACH:
        part = members[name].agg(["max", "sum"]).reset_index()
        parts.append(part.assign(platform=part["activity_date"].map(platform[name])))
    return pd.concat(parts, ignore_index=True)


def _scopes_below_all(frames: Frames, _: Evidence) -> pd.DataFrame:
    largest = _per_type(frames)
    listed = frames[OVERVIEW][frames[OVERVIEW]["scope_type"] != "all"].set_index("activity_date")
    platform = _of_everything(frames[ACTIVITY]).set_index("activity_date")
    parts = [_pair(listed.index.map(platform[name]), listed[name]) for name in _REACH]
    return pd.concat([_pair(largest["platform"], largest["max"]), *parts], ignore_index=True)


def _scopes_cover_all(frames: Frames, evidence: Evidence) -> pd.DataFrame:
    """Days on which a declared member has no row yet are left out: what its users do is in no row of its own."""
    sums = _per_type(frames)
    places = zip(sums["scope_type"], sums["activity_date"], strict=True)
    whole = sums[[evidence.declared_since.get(scope_type, day) <= day for scope_type, day in places]]
    return _pair(whole["sum"], whole["platform"])


def _overview(frames: Frames, _: Evidence) -> pd.DataFrame:
    shown = frames[OVERVIEW][frames[OVERVIEW]["scope_type"] == "all"]
    both = _of_everything(frames[ACTIVITY]).merge(
        shown, on="activity_date", how="outer", suffixes=("", "_shown")
    )
    names = ("events", *_REACH)
    return pd.concat([_pair(both[name], both[f"{name}_shown"]) for name in names], ignore_index=True)


def _unbounded(frames: Frames, _: Evidence) -> pd.DataFrame:
    keys = ["cohort_date", *SCOPE, "cohort_kind"]
    seen = frames[RETENTION].pivot(index=keys, columns="retention_window", values="retained_so_far")
    return pd.concat([_pair(seen[longer], seen[shorter]) for longer, shorter in _INSIDE], ignore_index=True)


def _closed_windows(frames: Frames, _: Evidence) -> pd.DataFrame:
    rows = frames[RETENTION]
    return _pair(rows["is_complete"], rows["retained"].notna())


def _cash(frames: Frames, _: Evidence) -> pd.DataFrame:
    rows = frames[ORDERS].dropna(subset=["gmv_paid", "refunds", "net_cash"], how="all")
    both = rows.dropna(subset=["gmv_paid", "refunds"])
    return _pair(both["net_cash"], both["gmv_paid"] - both["refunds"])


def _against(frames: Frames, evidence: Evidence, column: str, table: str, summed: str | None) -> pd.DataFrame:
    source, rows = evidence.per_day(table, summed), frames[ORDERS]
    return _pair(rows[column], [source.get(day, 0) for day in rows["order_date"]])


def _orders(frames: Frames, evidence: Evidence) -> pd.DataFrame:
    money = _against(frames, evidence, "gmv_paid", "clean.orders", "amount")
    return pd.concat([money, _against(frames, evidence, "orders", "clean.orders", None)], ignore_index=True)


def _refunds(frames: Frames, evidence: Evidence) -> pd.DataFrame:
    return _against(frames, evidence, "refunds", "clean.refunds", "amount")


def _lines(frames: Frames, evidence: Evidence) -> pd.DataFrame:
    return _against(frames, evidence, "gmv_paid", "clean.order_lines", "amount")


def _registrations(frames: Frames, _: Evidence) -> pd.DataFrame:
    rows = (
        frames[ORDERS]
        .sort_values("order_date")
        .dropna(subset=["registered_users", "new_registered"], how="all")
    )
    return _pair(rows["registered_users"].diff().iloc[1:], rows["new_registered"].iloc[1:])


def _of_everything(activity: pd.DataFrame) -> pd.DataFrame:
    return activity[activity["scope_type"] == "all"]


_BUILDERS: dict[str, tuple[set[str], Builder]] = {
    "accepted": (set(), _accepted),
    "events": ({ACTIVITY}, _events),
    "segments": ({ACTIVITY}, _segments),
    "engagement": ({ACTIVITY, ENGAGEMENT}, _engagement),
    "event_types": ({ACTIVITY, EVENT_TYPES}, _event_types),
    "user_days": ({ACTIVITY, ENGAGEMENT}, _user_days),
    "cohorts": ({ACTIVITY, RETENTION}, _cohorts),
    "scopes_below_all": ({ACTIVITY, OVERVIEW}, _scopes_below_all),
    "scopes_cover_all": ({ACTIVITY}, _scopes_cover_all),
    "overview": ({ACTIVITY, OVERVIEW}, _overview),
    "unbounded": ({RETENTION}, _unbounded),
    "closed_windows": ({RETENTION}, _closed_windows),
    "cash": ({ORDERS}, _cash),
    "orders": ({ORDERS}, _orders),
    "refunds": ({ORDERS}, _refunds),
    "lines": ({ORDERS}, _lines),
    "registrations": ({ORDERS}, _registrations),
}
_IS_MAPPED: dict[str, Callable[[Evidence], bool]] = {
    "orders": lambda evidence: "orders" in evidence.kinds,
    "refunds": lambda evidence: "refunds" in evidence.kinds,
    "lines": lambda evidence: "clean.order_lines" in evidence.profiles,
}
"""Identities that apply only where the source is mapped."""
