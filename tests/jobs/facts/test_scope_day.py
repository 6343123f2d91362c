"""What makes nobody active is counted per scope and day: what was shown, what has no user, what bots and staff did."""

from __future__ import annotations

from datetime import date

from pyspark.sql import SparkSession

from jobs.facts.scope_counts import ListValidity, counted_by_type, with_exclusions
from jobs.facts.scope_day import scope_days
from schemas.clean.activity import EVENTS
from schemas.clean.members import MEMBERS
from schemas.clean.users import USERS
from tests.properties.frames import frame

DAY = date(2026, 3, 1)


def test_an_exposure_an_event_without_user_and_one_of_staff_but_no_plain_event(spark: SparkSession) -> None:
    plain = {"event_date": DAY, "user_id": "u1", "event_type": "view", "is_exposure": False}
    events = [plain, plain | {"is_exposure": True}, plain | {"user_id": None}, plain | {"is_staff": True}]
    counts = counted_by_type(
        frame(spark, EVENTS, events),
        frame(spark, USERS, []),
        frame(spark, MEMBERS, []),
        ListValidity(0),
        DAY,
        DAY,
    )
    everything = scope_days(counts).where("scope_type = 'all'")
    assert [tuple(row) for row in everything.collect()] == [(DAY, "all", "all", "all", "all", 1, 1, 1)]
    only_plain = counted_by_type(
        frame(spark, EVENTS, [plain]),
        frame(spark, USERS, []),
        frame(spark, MEMBERS, []),
        ListValidity(0),
        DAY,
        DAY,
    )
    assert scope_days(only_plain).collect() == []


def test_a_flag_holds_from_the_days_on_that_were_open_when_a_list_told_of_it(spark: SparkSession) -> None:
    days = [date(2026, 3, day) for day in range(1, 8)]
    users = [
        {"user_id": "daily", "valid_from": days[3], "valid_to": days[4], "is_bot": True, "source": "shop.users"},
        {"user_id": "daily", "valid_from": days[5], "source": "shop.users"},
        {"user_id": "whole", "valid_from": days[6], "is_staff": True, "source": "old.users"},
    ]  # fmt: skip
    events = frame(
        spark, EVENTS, [{"user_id": user, "event_date": day} for user in ("daily", "whole") for day in days]
    )
    validity = ListValidity(2, frozenset({"old.users"}))
    judged = with_exclusions(events, frame(spark, USERS, users), validity).where("is_excluded")
    excluded = {(row["user_id"], row["event_date"].day) for row in judged.collect()}
    assert excluded == {("daily", 2), ("daily", 3), *(("whole", day.day) for day in days)}
