"""The question about a metric of a scope on two days, and the published numbers that answer it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from conf.errors import ConfigError
from jobs.explain.tables import Tables

CERTAIN = 10
"""With at least this many events on an ordinary day, a day without any is no accident (1 day in about 20,000)."""
SCOPE = ["scope_type", "scope_id"]


@dataclass(frozen=True)
class Measure:
    """How a metric is split; each attribute but the last names a published column.

    Attributes:
        base: users of the whole platform, with whose number the metric grows.
        base_of_type: users of the day that are active through one event type only; None where `base` spans days.
        of_type: the part of the metric that comes from one event type only.
        of_member: the part of the metric that comes from one member only.
        late: the part of the metric that came too late to be counted.
        is_sum: the metric of scope `all` is the sum over the members of a type.
    """

    base: str
    base_of_type: str | None
    of_type: str
    of_member: str
    late: str
    is_sum: bool


MEASURES = {
    "events": Measure("dau", "single_type_users", "events", "events", "late_events", True),
    "dau": Measure("wau", None, "single_type_users", "unique_only_here", "late_users", False),
}


@dataclass(frozen=True)
class Question:
    """Why is the metric of the scope what it is on `after`, when it was something else on `before`?

    Attributes:
        metric: one of MEASURES.
        members_of: scope type whose members the change of scope `all` is spread over.
    """

    metric: str
    scope_type: str
    scope_id: str
    before: date
    after: date
    members_of: str = "scene"

    @property
    def measure(self) -> Measure:
        """The columns by which the metric is split."""
        return MEASURES[self.metric]

    @property
    def scope(self) -> tuple[str, str]:
        """(scope_type, scope_id)."""
        return self.scope_type, self.scope_id


def ask(
    tables: Tables, metric: str, scope: tuple[str, str], before: date, after: date, members_of: str
) -> Question:
    """Ask a question, after checking that the tables can answer it.

    Raises:
        ConfigError: the metric cannot be taken apart, or the scope has no row on one of the days.
    """
    if metric not in MEASURES:
        raise ConfigError(f"metric {metric!r} cannot be taken apart; these can: {', '.join(MEASURES)}")
    if members_of not in set(tables.scopes["scope_type"]) - {"all"}:
        raise ConfigError(f"{members_of!r} is no scope type with members")
    question = Question(metric, *scope, before, after, members_of)
    for day in (before, after):
        if scope not in on_day(tables.activity, day).index:
            raise ConfigError(f"{scope[0]} {scope[1]} has no published row on {day}")
    return question


def on_day(activity: pd.DataFrame, day: date) -> pd.DataFrame:
    """The activity rows of a day, indexed by (scope_type, scope_id)."""
    return activity[activity["activity_date"] == day].set_index(SCOPE)


def types_on(tables: Tables, scope: tuple[str, str], day: date, column: str) -> pd.Series:
    """A column of reports.events_daily for a scope and a day, indexed by event type."""
    rows = tables.event_types
    rows_of_day = rows[
        (rows["activity_date"] == day) & (rows["scope_type"] == scope[0]) & (rows["scope_id"] == scope[1])
    ]
    return rows_of_day.set_index("event_type")[column]


def late_on(tables: Tables, scope: tuple[str, str], day: date, column: str) -> int:
    """Sum of a column of ops.lateness (events or users that came too late) for a scope and an event date."""
    rows = tables.lateness
    rows_of_day = rows[
        (rows["event_date"] == day) & (rows["scope_type"] == scope[0]) & (rows["scope_id"] == scope[1])
    ]
    return int(rows_of_day[column].sum())
