"""A log of three events on two days, and the reports that are built of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from pyspark.sql import SparkSession

from tests.oracle.activity import Row
from tests.oracle.world import Event, World
from tests.properties.frames import build_facts, build_reports, clean

DAY, NEXT = date(2026, 3, 1), date(2026, 3, 2)
_NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
EVENTS = (
    Event("e1", "a", _NOON, scene="home"),
    Event("e2", "a", _NOON + timedelta(days=1), scene="home", event_type="like"),
    Event("e3", "b", _NOON + timedelta(days=1)),
)
WORLD = World(EVENTS, {("scene", "home"): DAY}, "UTC", DAY, NEXT, DAY)


def built(spark: SparkSession) -> dict[str, list[Row]]:
    """Rows of every report; the second day is not closed."""
    data = clean(spark, WORLD)
    return build_reports(*build_facts(data, None, DAY, NEXT), data, WORLD, DAY, NEXT)


def shown(rows: list[Row], columns: str, **where: object) -> list[tuple[object, ...]]:
    """Some columns of the rows for which these values hold, sorted."""
    chosen = [row for row in rows if all(row[name] == value for name, value in where.items())]
    return sorted(tuple(row[name] for name in columns.split()) for row in chosen)
