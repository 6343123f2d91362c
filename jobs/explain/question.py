"""What is asked: a metric of a scope on two days; and the published numbers that the answer is made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from conf.errors import ConfigError
from jobs.explain.tables import Tables

CERTAIN = 10
"""Events of an ordinary day from which on a day without any is no chance: about 1 day in 20,000."""
SCOPE = ["scope_type", "scope_id"]


@dataclass(frozen=True)
class Measure:
    """How a metric is taken apart; each attribute names a published column.

    Attributes:
        base: users of the whole platform whose number the metric grows with.
        base_of_type: part of the base that an event type alone accounts for, if the base is of the day.
        of_type: what an event type alone accounts for.
        of_member: what a member alone accounts for.
        late: what came too late.
        is_sum: the members of a type add up to the metric of all.
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
        """How the metric is taken apart."""
        return MEASURES[self.metric]

    @property
    def scope(self) -> tuple[str, str]:
        """Type and code."""
        return self.scope_type, self.scope_id


def ask(
    tables: Tables, metric: str, scope: tuple[str, str], before: date, after: date, members_of: str
) -> Question:
    """A question that the tables can answer.

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
    """The activity rows of a day by scope."""
    return activity[activity["activity_date"] == day].set_index(SCOPE)


def types_on(tables: Tables, scope: tuple[str, str], day: date, column: str) -> pd.Series:
    """A column of a scope's rows of a day by event type."""
    rows = tables.event_types
    rows_of_day = rows[
        (rows["activity_date"] == day) & (rows["scope_type"] == scope[0]) & (rows["scope_id"] == scope[1])
    ]
    return rows_of_day.set_index("event_type")[column]


def late_on(tables: Tables, scope: tuple[str, str], day: date, column: str) -> int:
    """What of a scope's day came too late."""
    rows = tables.lateness
    rows_of_day = rows[
        (rows["event_date"] == day) & (rows["scope_type"] == scope[0]) & (rows["scope_id"] == scope[1])
    ]
    return int(rows_of_day[column].sum())
