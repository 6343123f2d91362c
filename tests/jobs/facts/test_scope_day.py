"""What makes nobody active is counted per scope and day: what was shown, what has no user, what bots and staff did."""

from __future__ import annotations

from datetime import date

from pyspark.sql import SparkSession

from jobs.facts.scope_counts import counted_by_type
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
        frame(spark, EVENTS, events), frame(spark, USERS, []), frame(spark, MEMBERS, []), DAY, DAY
    )
    everything = scope_days(counts).where("scope_type = 'all'")
    assert [tuple(row) for row in everything.collect()] == [(DAY, "all", "all", "all", "all", 1, 1, 1)]
    only_plain = counted_by_type(
        frame(spark, EVENTS, [plain]), frame(spark, USERS, []), frame(spark, MEMBERS, []), DAY, DAY
    )
    assert scope_days(only_plain).collect() == []
