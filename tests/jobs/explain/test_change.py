"""A change is split into parts that sum to it, worked out by hand on a few rows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from conf.errors import ConfigError
from jobs.explain.causes import causes
from jobs.explain.change import split, summary
from jobs.explain.question import ask
from jobs.explain.tables import Tables

BEFORE, AFTER = date(2026, 3, 4), date(2026, 3, 11)
ALL, HOME, FEED = ("all", "all"), ("scene", "home"), ("scene", "feed")
Numbers = dict[tuple[str, str], tuple[int, int]]


def _rows(numbers: Numbers, days: tuple[date, ...]) -> list[dict[str, Any]]:
    return [
        {"activity_date": day, "scope_type": scope[0], "scope_id": scope[1], "events": values[n], "exposures": 0}
        for scope, values in numbers.items() for n, day in enumerate(days)
    ]  # fmt: skip


def tables(
    events: Numbers,
    *,
    dau: tuple[int, int] = (10, 10),
    wau: tuple[int, int] = (50, 50),
    only: Numbers | None = None,
    types: dict[str, Numbers] | None = None,
    single: dict[str, tuple[int, int]] | None = None,
    late: dict[tuple[str, str], tuple[int, int]] | None = None,
    logs: dict[str, tuple[int, int]] | None = None,
) -> Tables:
    """Two days of a shop with the scenes home and feed; `late` is (events, users) of the day after."""
    days = (BEFORE, AFTER)
    activity = pd.DataFrame(_rows(events, days))
    activity["dau"] = [dau[row.activity_date == AFTER] for row in activity.itertuples()]
    activity["wau"] = [wau[row.activity_date == AFTER] for row in activity.itertuples()]
    alone = only or {}
    activity["unique_only_here"] = [
        alone.get((row.scope_type, row.scope_id), (0, 0))[row.activity_date == AFTER]
        for row in activity.itertuples()
    ]
    kinds = types or {"view": events}
    by_type = pd.concat(
        [pd.DataFrame(_rows(own, days)).assign(event_type=kind) for kind, own in kinds.items()]
    )
    by_type["single_type_users"] = [
        (single or {}).get(row.event_type, (0, 0))[row.activity_date == AFTER] for row in by_type.itertuples()
    ]
    lateness = [
        {"event_date": AFTER, "arrival_date": date(2026, 3, 20), "scope_type": t, "scope_id": i,
         "late_events": n, "late_users": users} for (t, i), (n, users) in (late or {}).items()
    ]  # fmt: skip
    balance = [
        {"source": log, "arrival_date": day, "outcome": "accepted", "records": records}
        for log, counts in (logs or {}).items() for day, records in zip(days, counts, strict=True) if records
    ]  # fmt: skip
    none = pd.DataFrame()
    return Tables(
        activity, by_type[(by_type["events"] > 0)], none, none,
        pd.DataFrame({"scope_type": ["all", "scene", "scene"], "scope_id": ["all", "home", "feed"]}),
        pd.DataFrame({"table_name": ["reports.activity_daily"], "closed_through": [AFTER]}),
        pd.DataFrame(lateness, columns=["event_date", "arrival_date", "scope_type", "scope_id", "late_events", "late_users"]),
        pd.DataFrame(balance, columns=["source", "arrival_date", "outcome", "records"]),
        tuple(logs or ()),
    )  # fmt: skip


def _parts(found: Tables, metric: str = "events", scope: tuple[str, str] = ALL) -> dict[str, int]:
    change = split(found, ask(found, metric, scope, BEFORE, AFTER, "scene"))
    return dict(change.parts.itertuples(index=False))


def _causes(found: Tables, metric: str = "events") -> list[tuple[str, str, int]]:
    change = split(found, ask(found, metric, ALL, BEFORE, AFTER, "scene"))
    return [(row.cause, row.subject, row.change) for row in causes(found, change).itertuples()]


def test_twice_the_users_who_do_the_same_are_all_volume() -> None:
    found = tables({ALL: (100, 200), HOME: (60, 120), FEED: (40, 80)}, dau=(10, 20))
    assert _parts(found) == {"volume": 100, "mix": 0, "completeness": 0, "tracking": 0}
    assert _causes(found)[0] == ("number of users", "all", 100)


def test_the_same_users_who_go_elsewhere_are_mix_member_by_member() -> None:
    found = tables({ALL: (100, 90), HOME: (60, 30), FEED: (40, 60)})
    change = split(found, ask(found, "events", ALL, BEFORE, AFTER, "scene"))
    assert dict(change.parts.itertuples(index=False)) == {
        "volume": 0,
        "mix": -10,
        "completeness": 0,
        "tracking": 0,
    }
    assert change.members[["scope_id", "change"]].values.tolist() == [
        ["feed", 20], ["home", -30], ["no single member", 0],
    ]  # fmt: skip


def test_a_scene_without_any_event_is_an_outage() -> None:
    found = tables({ALL: (100, 40), HOME: (60, 0), FEED: (40, 40)})
    assert _causes(found) == [
        ("outage", "scene home", -60), ("number of users", "all", 0), ("use of members", "mostly scene home", 0),
    ]  # fmt: skip


def test_an_event_type_that_is_gone_everywhere_is_tracking_and_takes_its_users_along() -> None:
    view, like = (
        {ALL: (80, 80), HOME: (50, 50), FEED: (30, 30)},
        {ALL: (20, 0), HOME: (10, 0), FEED: (10, 0)},
    )
    found = tables(
        {ALL: (100, 80), HOME: (60, 50), FEED: (40, 30)}, dau=(10, 8), types={"view": view, "like": like},
        single={"like": (2, 0)},
    )  # fmt: skip
    assert _parts(found) == {"volume": 0, "mix": 0, "completeness": 0, "tracking": -20}
    assert _causes(found)[0] == ("event type vanished", "like", -20)
    assert _parts(found, scope=HOME) == {"volume": 0, "mix": 0, "completeness": 0, "tracking": -10}


def test_an_event_type_of_fewer_than_ten_events_may_be_missing_by_chance() -> None:
    types: dict[str, Numbers] = {"view": {ALL: (91, 91)}, "like": {ALL: (9, 0)}}
    assert _parts(tables({ALL: (100, 91), HOME: (100, 91)}, types=types))["tracking"] == 0


def test_late_events_are_completeness_and_bring_their_users_back() -> None:
    found = tables({ALL: (100, 70), HOME: (100, 70)}, dau=(10, 9), late={ALL: (30, 1), HOME: (30, 1)})
    assert _parts(found) == {"volume": 0, "mix": 0, "completeness": -30, "tracking": 0}
    assert _causes(found)[0] == ("late events", "2026-03-11", -30)


def test_a_log_that_brought_nothing_is_completeness_by_its_share_of_records() -> None:
    found = tables({ALL: (100, 60), HOME: (100, 60)}, logs={"app.events": (40, 0), "web.events": (60, 60)})
    assert _parts(found) == {"volume": 0, "mix": 0, "completeness": -40, "tracking": 0}
    assert _causes(found)[0] == ("empty log", "app.events", -40)
    assert _parts(found, scope=HOME)["completeness"] == 0, "nobody knows which log the scene's events came by"


def test_users_of_the_day_grow_with_those_of_the_week() -> None:
    found = tables({ALL: (100, 100), HOME: (100, 100)}, dau=(10, 18), wau=(50, 100), only={HOME: (4, 6)})
    assert _parts(found, "dau") == {"volume": 10, "mix": -2, "completeness": 0, "tracking": 0}
    change = split(found, ask(found, "dau", ALL, BEFORE, AFTER, "scene"))
    assert change.members[["scope_id", "change"]].values.tolist() == [["home", -2], ["no single member", 0]]


def test_a_day_that_is_not_closed_is_named_below_the_causes() -> None:
    found = tables({ALL: (100, 40), HOME: (60, 0), FEED: (40, 40)})
    found.freshness["closed_through"] = BEFORE
    assert _causes(found)[-1] == ("not closed yet", "2026-03-11", 0)


def test_the_summary_says_whether_both_days_are_closed() -> None:
    found = tables({ALL: (100, 70), HOME: (100, 70)})
    row = summary(found, split(found, ask(found, "events", ALL, BEFORE, AFTER, "scene"))).iloc[0]
    assert (row["2026-03-04"], row["2026-03-11"], row["change"], row["is_complete"]) == (100, 70, -30, True)


@pytest.mark.parametrize(
    ("metric", "scope", "of", "why"),
    [
        ("mau28", ALL, "scene", "metric 'mau28' cannot be taken apart; these can: events, dau"),
        ("events", ("scene", "attic"), "scene", "scene attic has no published row on 2026-03-04"),
        ("events", ALL, "all", "'all' is no scope type with members"),
    ],
)
def test_what_cannot_be_answered_is_said(metric: str, scope: tuple[str, str], of: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        ask(tables({ALL: (1, 1)}), metric, scope, BEFORE, AFTER, of)
