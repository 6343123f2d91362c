"""Who used several listed members of a type on a day is one user of that type, and stands in a table of its own."""

from __future__ import annotations

from datetime import date

from pyspark.sql import SparkSession

from jobs.facts.scope_counts import ListValidity, counted_by_type
from jobs.facts.scope_day import scope_days
from jobs.facts.user_listed_day import ANY_LISTED, join_tables, split_tables
from jobs.facts.user_scope_day import user_days
from schemas.clean.activity import EVENTS
from schemas.clean.members import MEMBERS
from schemas.clean.users import USERS
from tests.properties.frames import frame

FIRST, SECOND = date(2026, 3, 1), date(2026, 3, 2)


def an_event(day: date, user: str | None, scene: str | None, **more: object) -> dict[str, object]:
    return {
        "event_date": day,
        "user_id": user,
        "scene_id": scene,
        "event_type": "view",
        "is_exposure": False,
        **more,
    }


def test_facts_of_two_days_in_two_listed_scenes_and_one_that_is_not(spark: SparkSession) -> None:
    events = [
        an_event(FIRST, "u1", "home"), an_event(FIRST, "u1", "cart"), an_event(SECOND, "u1", "popup"),
        an_event(SECOND, "u1", "home", is_exposure=True), an_event(SECOND, None, "home"),
    ]  # fmt: skip
    members = [{"scope_type": "scene", "scope_id": code} for code in ("home", "cart")]
    counts = counted_by_type(
        frame(spark, EVENTS, events),
        frame(spark, USERS, []),
        frame(spark, MEMBERS, members),
        ListValidity(0),
        FIRST,
        SECOND,
    )
    per_scope, any_listed = split_tables(user_days(counts, None))
    scenes = per_scope.where("scope_type IN ('all', 'scene')").orderBy("event_date", "scope_type", "scope_id")
    columns = ["event_date", "scope_type", "scope_id", "events", "prev_date", "history_bits", "other_scopes"]
    assert [tuple(row) for row in scenes.select(*columns).collect()] == [
        (FIRST, "all", "all", 2, None, 1, 0),
        (FIRST, "scene", "cart", 1, None, 1, 1),
        (FIRST, "scene", "home", 1, None, 1, 1),
        (SECOND, "all", "all", 1, FIRST, 3, 0),
        (SECOND, "scene", "unknown", 1, None, 1, 0),
    ]
    of_type = ["event_date", "scope_type", "user_id", "events", "first_date"]
    assert [tuple(row) for row in any_listed.select(*of_type).collect()] == [(FIRST, "scene", "u1", 2, FIRST)]
    joined = (
        join_tables(per_scope, any_listed).where("scope_type = 'scene'").orderBy("event_date", "scope_id")
    )
    assert [row["scope_id"] for row in joined.collect()] == [ANY_LISTED, "cart", "home", "unknown"]
    without_users = scope_days(counts).where("scope_type = 'scene'")
    assert [tuple(row)[:3] + tuple(row)[5:] for row in without_users.collect()] == [
        (SECOND, "scene", "home", 1, 1, 0)
    ]


def test_no_code_of_a_log_is_the_scope_of_all_listed_members() -> None:
    assert ANY_LISTED.strip() != ANY_LISTED
