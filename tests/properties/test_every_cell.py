"""Every cell of facts and activity reports equals the oracle's."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from pyspark.sql import SparkSession

from tests.oracle.activity import Oracle
from tests.oracle.event_types import events_daily
from tests.oracle.world import World
from tests.properties.frames import Clean, after, assert_same, build_facts, build_reports, clean, rows
from tests.properties.logs import START, big, long_gaps, worlds


def assert_facts_and_reports(data: Clean, world: World, first: date, last: date) -> None:
    oracle = Oracle(world)
    user_days, scope_days = build_facts(data, None, world.history_start, world.last_arrival)
    assert_same("facts.user_scope_day", rows(user_days), oracle.user_scope_day())
    assert_same("facts.scope_day", rows(scope_days), oracle.scope_day())
    built = build_reports(user_days, scope_days, data, world, first, last)
    assert_same("reports.activity_daily", built["reports.activity_daily"], oracle.activity_daily(first, last))
    assert_same("reports.engagement", built["reports.engagement"], oracle.engagement(first, last))
    assert_same("reports.overview", built["reports.overview"], oracle.overview(first, last))
    assert_same("reports.events_daily", built["reports.events_daily"], events_daily(oracle, first, last))
    assert_same("reports.retention", built["reports.retention"], oracle.retention(first, last))


def test_a_log_of_150_days_over_both_dst_nights_with_bots_gives_every_cell(spark: SparkSession) -> None:
    world = big(150, 30)
    bot = [{"user_id": "u1", "valid_from": START, "valid_to": after(START, 49)},
           {"user_id": "u1", "valid_from": after(START, 50), "is_bot": True}]  # fmt: skip
    data = clean(spark, world, bot)
    assert_facts_and_reports(data, world, world.history_start, world.last_arrival)


def test_gaps_of_62_63_64_and_400_days_give_every_cell(spark: SparkSession) -> None:
    world = long_gaps()
    assert_facts_and_reports(clean(spark, world), world, world.history_start, world.last_arrival)


@settings(
    max_examples=5, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(world=worlds())
def test_generated_logs_give_every_cell(spark: SparkSession, world: World) -> None:
    first = world.last_arrival - timedelta(days=67)
    assert_facts_and_reports(clean(spark, world), world, first, world.last_arrival)
