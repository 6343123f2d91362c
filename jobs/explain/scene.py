"""Tables and a chart about one member: who it is, how many use it, how often they come back, what they do."""

from __future__ import annotations

from datetime import date

import altair as alt
import pandas as pd

from conf.errors import ConfigError
from jobs.explain.tables import Tables

_SHOWN = ["events", "exposures", "dau", "wau", "mau28", "new_to_scope", "events_per_active", "stickiness"]


def scope_card(tables: Tables, scope: tuple[str, str]) -> pd.DataFrame:
    """The scope's row of reports.dim_scope, with the last closed day of activity.

    Raises:
        ConfigError: there is no such scope.
    """
    card = _of(tables.scopes, scope)
    if card.empty:
        codes = tables.scopes.loc[tables.scopes["scope_type"] == scope[0], "scope_id"]
        raise ConfigError(f"{scope[0]} {scope[1]}: no such scope; there are {', '.join(sorted(codes))}")
    return card.assign(closed_through=tables.closed_through())


def daily(tables: Tables, scope: tuple[str, str]) -> pd.DataFrame:
    """One row per day of the scope's activity; rows with is_complete = false may still change."""
    return _of(tables.activity, scope)[["activity_date", *_SHOWN, "is_complete"]].sort_values("activity_date")


def users_chart(tables: Tables, scope: tuple[str, str]) -> alt.LayerChart | alt.FacetChart:
    """Daily, 7-day and 28-day users over days; days that are not closed are dashed."""
    days = daily(tables, scope).astype({"activity_date": "datetime64[ns]"})
    long = days.melt(["activity_date", "is_complete"], ["dau", "wau", "mau28"], "metric", "users")
    base = alt.Chart(long).encode(
        x=alt.X("activity_date:T", title="day"),
        y=alt.Y("users:Q", title="users"),
        color=alt.Color("metric:N", sort=["dau", "wau", "mau28"], title=""),
    )
    closed = base.mark_line().transform_filter("datum.is_complete")
    return alt.layer(base.mark_line(strokeDash=[2, 3]), closed).properties(width=640, height=260)


def event_types(tables: Tables, scope: tuple[str, str], day: date) -> pd.DataFrame:
    """One row per event type of the scope's day, the most frequent first."""
    rows = _of(tables.event_types, scope)
    rows_of_day = rows[rows["activity_date"] == day][
        ["event_type", "events", "exposures", "dau", "single_type_users"]
    ]
    return rows_of_day.sort_values(["events", "event_type"], ascending=[False, True]).reset_index(drop=True)


def active_days(tables: Tables, scope: tuple[str, str], day: date) -> pd.DataFrame:
    """One row per number of active days (1 to 28) within the 28 days that end on the day: users and their share."""
    rows = _of(tables.engagement, scope)
    rows_of_day = rows[(rows["activity_date"] == day) & (rows["users"] > 0)][["active_days", "users"]]
    return (
        rows_of_day.assign(share=rows_of_day["users"] / rows_of_day["users"].sum())
        .sort_values("active_days")
        .reset_index(drop=True)
    )


def returning(tables: Tables, scope: tuple[str, str], kind: str = "recurring") -> pd.DataFrame:
    """One row per retention window, over all closed cohorts of a kind: cohort_size, retained, rate = retained / cohort_size."""
    rows = _of(tables.retention, scope)
    closed_cohorts = rows[rows["is_complete"] & (rows["cohort_kind"] == kind)]
    summed = closed_cohorts.groupby(["day_from", "day_to", "retention_window"], as_index=False)[
        ["cohort_size", "retained"]
    ].sum()
    non_empty = summed[summed["cohort_size"] > 0]
    counted = non_empty.astype({"retained": "int64"})
    return counted.assign(rate=counted["retained"] / counted["cohort_size"]).reset_index(drop=True)


def among_its_kind(tables: Tables, scope: tuple[str, str], day: date) -> pd.DataFrame:
    """One row per member of the same scope type on a day, the most used first; `is_this` marks the scope itself."""
    rows = tables.activity
    peers = rows[(rows["activity_date"] == day) & (rows["scope_type"] == scope[0])]
    columns = ["scope_id", "dau", "mau28", "unique_only_here", "events_per_active", "stickiness"]
    ranked = peers[columns].sort_values(["dau", "scope_id"], ascending=[False, True]).reset_index(drop=True)
    named = ranked.merge(_names(tables, scope[0]), on="scope_id", how="left")
    return named.assign(is_this=named["scope_id"] == scope[1])


def _names(tables: Tables, scope_type: str) -> pd.DataFrame:
    return tables.scopes.loc[tables.scopes["scope_type"] == scope_type, ["scope_id", "name_en", "name_zh"]]


def _of(rows: pd.DataFrame, scope: tuple[str, str]) -> pd.DataFrame:
    return rows[(rows["scope_type"] == scope[0]) & (rows["scope_id"] == scope[1])].reset_index(drop=True)
