"""The change of a metric between two days, split into parts that sum to it exactly.

    tracking      events of event types that stopped or started to be sent
    completeness  events that came too late to be counted, and events of logs that delivered nothing
    volume        what more or fewer users would have changed if each user had done the same as before
    mix           the rest: users did more or less, or went to other members

Tracking and completeness are removed first, so that volume and mix compare like with like. All parts are whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from jobs.explain.question import CERTAIN, Question, late_on, on_day, types_on
from jobs.explain.tables import Tables

NO_MEMBER = "no single member"
PARTS = ("volume", "mix", "completeness", "tracking")


@dataclass(frozen=True)
class Change:
    """A question with the change of its metric in parts.

    Attributes:
        before, after: the metric on the two days.
        parts: one row per entry of PARTS: part, change; sums to after − before.
        event_types: one row per event type that stopped or started to be sent: event_type, before, after, change;
            sums to tracking.
        completeness: one row per day with late events and per empty log: what, subject, change; sums to completeness.
        members: one row per member: scope_type, scope_id, before, after, and the change that the growth of users does
            not explain; sums to mix.
    """

    question: Question
    before: int
    after: int
    parts: pd.DataFrame
    event_types: pd.DataFrame
    completeness: pd.DataFrame
    members: pd.DataFrame


def split(tables: Tables, question: Question) -> Change:
    """Split the change that the question asks about into its parts."""
    days = (question.before, question.after)
    before, after = (int(on_day(tables.activity, day).loc[question.scope, question.metric]) for day in days)
    types = switched_types(tables, question)
    missing = _missing(tables, question, before)
    tracking, completeness = int(types["change"].sum()), int(missing["change"].sum())
    stopped = types.loc[types["change"] < 0, "change"].sum()
    late = [late_on(tables, question.scope, day, question.measure.late) for day in days]
    comparable_before = before + int(stopped) + late[0]
    rest = after - before - tracking - completeness
    names = list(types["event_type"])
    base_before, base_after = _base(tables, question, names)
    volume = round(comparable_before * (base_after - base_before) / base_before) if base_before else rest
    parts = pd.DataFrame({"part": PARTS, "change": [volume, rest - volume, completeness, tracking]})
    growth = base_after / base_before if base_before else 1.0
    members = _members(tables, question, names, growth, rest - volume)
    return Change(question, before, after, parts, types, missing, members)


def switched_types(tables: Tables, question: Question) -> pd.DataFrame:
    """Event types with at least CERTAIN events on the whole platform on one day and none on the other.

    One row per event type: event_type, and before, after and change in the question's scope.
    """
    everywhere = ("all", "all")
    sent = pd.DataFrame(
        {
            name: types_on(tables, everywhere, day, "events").add(
                types_on(tables, everywhere, day, "exposures")
            )
            for name, day in (("before", question.before), ("after", question.after))
        }
    ).fillna(0)
    is_switched = (sent.min(axis=1) == 0) & (sent.max(axis=1) >= CERTAIN) & bool((sent.sum() > 0).all())
    before, after = (
        types_on(tables, question.scope, day, question.measure.of_type)
        for day in (question.before, question.after)
    )
    names = sorted(sent.index[is_switched])
    rows = [(name, int(before.get(name, 0)), int(after.get(name, 0))) for name in names]
    switched = pd.DataFrame(rows, columns=["event_type", "before", "after"])
    return switched.assign(change=(switched["after"] - switched["before"]).astype(int))


def _missing(tables: Tables, question: Question, before: int) -> pd.DataFrame:
    rows = [
        ("late events", str(day), sign * late_on(tables, question.scope, day, question.measure.late))
        for day, sign in ((question.before, 1), (question.after, -1))
    ]
    rows += [("empty log", source, -round(before * share)) for source, share in _empty_logs(tables, question)]
    return pd.DataFrame([row for row in rows if row[2]], columns=["what", "subject", "change"])


def _empty_logs(tables: Tables, question: Question) -> list[tuple[str, float]]:
    """(log, share of the first day's records) of each activity log that delivered records on the first day only.

    A share can only estimate sums over the whole platform: the published tables do not say which log a user or an
    event of a member came from. For other questions the list is empty.
    """
    if not question.measure.is_sum or question.scope != ("all", "all"):
        return []
    accepted = tables.balance[
        tables.balance["source"].isin(tables.logs) & (tables.balance["outcome"] == "accepted")
    ]
    records = accepted.pivot_table(
        index="source", columns="arrival_date", values="records", aggfunc="sum", fill_value=0
    )
    counts = records.reindex(columns=[question.before, question.after], fill_value=0)
    total = counts[question.before].sum()
    gone = counts[(counts[question.before] >= CERTAIN) & (counts[question.after] == 0)]
    return [(str(source), float(row[question.before] / total)) for source, row in gone.iterrows()]


def _base(tables: Tables, question: Question, switched: list[str]) -> tuple[int, int]:
    """Users of the whole platform on both days, corrected for event types that switched and for late events."""
    everywhere, measure = ("all", "all"), question.measure
    days = (question.before, question.after)
    users = [int(on_day(tables.activity, day).loc[everywhere, measure.base]) for day in days]
    if measure.base_of_type is not None:
        for position, day in enumerate(days):
            alone = types_on(tables, everywhere, day, measure.base_of_type).reindex(switched).sum()
            users[position] += late_on(tables, everywhere, day, "late_users") - int(alone)
    return users[0], users[1]


def _members(
    tables: Tables, question: Question, switched: list[str], growth: float, mix: int
) -> pd.DataFrame:
    """One row per member with the change that the growth of users does not explain.

    The last row (NO_MEMBER) holds what no single member explains, so that the rows sum to `mix`.
    """
    columns = ["scope_type", "scope_id", "before", "after", "change"]
    if question.scope != ("all", "all"):
        days = (question.before, question.after)
        numbers = [int(on_day(tables.activity, day).loc[question.scope, question.metric]) for day in days]
        return pd.DataFrame([(*question.scope, *numbers, mix)], columns=columns)
    of_member = question.measure.of_member
    both = [
        on_day(tables.activity, day).xs(question.members_of)[of_member]
        for day in (question.before, question.after)
    ]
    codes = sorted(set(both[0].index) | set(both[1].index))
    rows = []
    for code in codes:
        numbers = [int(series.get(code, 0)) for series in both]
        comparable = numbers
        if question.measure.is_sum:
            comparable = _comparable(tables, question, code, numbers, switched)
        change = round(comparable[1] - comparable[0] * growth)
        rows.append((question.members_of, code, *numbers, change))
    rest = mix - sum(row[4] for row in rows)
    changes = pd.DataFrame([*rows, (question.members_of, NO_MEMBER, None, None, rest)], columns=columns)
    return changes.astype({"before": "Int64", "after": "Int64"})


def _comparable(
    tables: Tables, question: Question, code: str, numbers: list[int], switched: list[str]
) -> list[int]:
    """A member's numbers on the two days, with its late events and without event types that were sent on one day only."""
    scope = (question.members_of, code)
    comparable = []
    for day, number in zip((question.before, question.after), numbers, strict=True):
        alone = types_on(tables, scope, day, question.measure.of_type).reindex(switched).sum()
        comparable.append(number - int(alone) + late_on(tables, scope, day, question.measure.late))
    return comparable


def summary(tables: Tables, change: Change) -> pd.DataFrame:
    """One row: the question, the number on both days, the change, and whether both days are closed."""
    question = change.question
    row = {
        "metric": question.metric, "scope_type": question.scope_type, "scope_id": question.scope_id,
        str(question.before): change.before, str(question.after): change.after,
        "change": change.after - change.before,
        "is_complete": max(question.before, question.after) <= tables.closed_through(),
    }  # fmt: skip
    return pd.DataFrame([row])
