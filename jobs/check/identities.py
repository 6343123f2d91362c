"""Accounting identities as frames of (left, right), which the saved expectations then judge."""

from __future__ import annotations

import pandas as pd

SCOPE = ["scope_type", "scope_id", "group_type", "group_id"]
_NESTED = (("unbounded_1_60", "unbounded_7_60"), ("unbounded_1_60", "W1"), ("unbounded_7_60", "D7"),
           ("unbounded_7_60", "W2"), ("unbounded_7_60", "W4"), ("unbounded_7_60", "D30"), ("W1", "D1"), ("W1", "D3"),
           ("W2", "D14"))  # fmt: skip


def _pair(left: pd.Series, right: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"left": left.to_numpy(), "right": right.to_numpy()})


def identity_frames(
    frames: dict[str, pd.DataFrame], order_lines: pd.DataFrame | None
) -> dict[str, pd.DataFrame]:
    """Identity → frame; identities of tables that are not built do not apply.

    Args:
        frames: staged report frames by table name.
        order_lines: (order_date, amount) sums of clean.order_lines; None where orders are not mapped.
    """
    activity, engagement = frames["reports.activity_daily"], frames["reports.engagement"]
    found = {
        "segments": _pair(activity[["light", "medium", "regular", "core"]].sum(axis=1), activity["mau28"]),
        "engagement": _engagement(activity, engagement),
        "cohorts": _cohorts(activity, frames["reports.retention"]),
        "unbounded": _unbounded(frames["reports.retention"]),
        "closed_windows": _pair(
            frames["reports.retention"]["is_complete"].astype(int),
            frames["reports.retention"]["retained"].notna().astype(int),
        ),
        **_scopes(activity),
    }
    if "reports.orders_daily" in frames:
        found |= _money(frames["reports.orders_daily"], order_lines)
    return {name: frame for name, frame in found.items() if len(frame)}


def _engagement(activity: pd.DataFrame, engagement: pd.DataFrame) -> pd.DataFrame:
    keys = ["activity_date", *SCOPE]
    sums = engagement.groupby(keys, as_index=False)["users"].sum()
    both = activity[[*keys, "mau28"]].merge(sums, on=keys, how="outer")
    return _pair(both["users"].fillna(-1), both["mau28"].fillna(-1))


def _cohorts(activity: pd.DataFrame, retention: pd.DataFrame) -> pd.DataFrame:
    days = activity.rename(columns={"activity_date": "cohort_date"})
    one = retention[retention["retention_window"] == "D1"].merge(days, on=["cohort_date", *SCOPE])
    expected = one["dau"].where(one["cohort_kind"] == "recurring", one["new_to_scope"])
    return _pair(one["cohort_size"], expected)


def _scopes(activity: pd.DataFrame) -> dict[str, pd.DataFrame]:
    everything = activity[activity["scope_type"] == "all"].set_index("activity_date")["dau"]
    members = activity[activity["scope_type"] != "all"]
    per_type = members.groupby(["activity_date", "scope_type"])["dau"].agg(["max", "sum"]).reset_index()
    platform = per_type["activity_date"].map(everything)
    return {
        "scopes_below_all": _pair(platform, per_type["max"]),
        "scopes_cover_all": _pair(per_type["sum"], platform),
    }


def _unbounded(retention: pd.DataFrame) -> pd.DataFrame:
    keys = ["cohort_date", *SCOPE, "cohort_kind"]
    wide = retention.pivot(index=keys, columns="retention_window", values="retained_so_far")
    return pd.concat([_pair(wide[longer], wide[shorter]) for longer, shorter in _NESTED], ignore_index=True)


def _money(orders: pd.DataFrame, order_lines: pd.DataFrame | None) -> dict[str, pd.DataFrame]:
    known = orders.dropna(subset=["gmv_paid", "refunds"])
    found = {"cash": _pair(known["net_cash"], known["gmv_paid"] - known["refunds"])}
    if order_lines is not None:
        sums = orders[["order_date", "gmv_paid"]].merge(order_lines, on="order_date", how="left")
        zero = sums["gmv_paid"] * 0
        found["lines"] = _pair(sums["gmv_paid"], sums["amount"].where(sums["amount"].notna(), zero))
    return found
