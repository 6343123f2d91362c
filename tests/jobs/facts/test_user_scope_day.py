"""Three events become the rows of who was active where."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from pyspark.sql import SparkSession

from tests.oracle.world import Event, World
from tests.properties.frames import build_facts, clean, rows

DAY, NEXT = date(2026, 3, 1), date(2026, 3, 2)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
EVENTS = (
    Event("e1", "a", NOON, scene="home"),
    Event("e2", "a", NOON + timedelta(days=1), scene="home"),
    Event("e3", None, NOON + timedelta(days=1), scene="home"),
)
WORLD = World(EVENTS, {("scene", "home"): DAY}, "UTC", DAY, NEXT, NEXT)


def test_a_user_has_a_row_per_scope_and_day_that_knows_the_days_before_it(spark: SparkSession) -> None:
    user_days, scope_days = build_facts(clean(spark, WORLD), None, DAY, NEXT)
    shown = ("event_date", "user_id", "events", "prev_date", "first_date", "history_bits", "other_scopes")
    at_home = [row for row in rows(user_days) if row["scope_id"] == "home"]
    assert sorted(tuple(row[name] for name in shown) for row in at_home) == [
        (DAY, "a", 1, None, DAY, 0b1, 0),
        (NEXT, "a", 1, DAY, DAY, 0b11, 0),
    ]
    of_scene = [row for row in rows(scope_days) if row["scope_type"] == "scene"]
    assert [
        tuple(
            row[name]
            for name in ("event_date", "scope_id", "exposures", "anonymous_events", "excluded_events")
        )
        for row in of_scene
    ] == [(NEXT, "home", 0, 1, 0)]
