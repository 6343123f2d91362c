"""One day alone, days one after another and one range give the same rows; identities of the reports."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs.clean.records import business_date
from schemas.clean.activity import EVENTS
from tests.oracle.activity import Row
from tests.oracle.world import Event, World
from tests.properties.frames import (
    Clean,
    after,
    assert_same,
    build_facts,
    build_reports,
    clean,
    frame,
    in_days,
    rows,
)
from tests.properties.logs import START, ZONE, big, local

DAYS = 90
REPORTS = {
    "reports.activity_daily": "activity_date", "reports.engagement": "activity_date",
    "reports.overview": "activity_date", "reports.retention": "cohort_date",
}  # fmt: skip


class Built:
    """A world of 90 days, its facts and its reports, built in one range."""

    def __init__(self, spark: SparkSession) -> None:
        self.world: World = big(DAYS, 12)
        self.data: Clean = clean(spark, self.world)
        whole = (self.world.history_start, self.world.last_arrival)
        self.user_days, self.scope_days = build_facts(self.data, None, *whole)
        self.reports: dict[str, list[Row]] = build_reports(
            self.user_days, self.scope_days, self.data, self.world, *whole
        )


@pytest.fixture(scope="module")
def built(spark: SparkSession) -> Built:
    return Built(spark)


def test_a_single_day_gives_the_rows_that_the_range_gives(built: Built) -> None:
    day = after(START, 80)
    alone = build_reports(built.user_days, built.scope_days, built.data, built.world, day, day)
    for table, column in REPORTS.items():
        assert_same(table, alone[table], in_days(built.reports[table], column, day, day))


def test_the_62_days_before_a_range_are_all_that_its_reports_need(built: Built) -> None:
    day = after(START, 75)
    recent = F.col("event_date") >= F.lit(day - timedelta(days=62))
    shortened = built.user_days.where(recent)
    cut = build_reports(
        shortened, built.scope_days.where(recent), built.data, built.world, day, built.world.last_arrival
    )
    for table, column in REPORTS.items():
        assert_same(table, cut[table], in_days(built.reports[table], column, day, built.world.last_arrival))


def test_days_one_after_another_give_the_facts_of_the_range(built: Built) -> None:
    first, last = after(START, 63), after(START, 65)
    prior: DataFrame = built.user_days.where(F.col("event_date") < F.lit(first)).localCheckpoint()
    single: list[Row] = []
    for day in (first, after(first, 1), last):
        today, _ = build_facts(built.data, prior, day, day)
        single += rows(today)
        prior = prior.unionByName(today).localCheckpoint()
    assert_same("facts.user_scope_day", single, in_days(rows(built.user_days), "event_date", first, last))


def test_facts_of_two_halves_are_the_facts_of_the_range(built: Built) -> None:
    middle = after(START, 45)
    early, _ = build_facts(built.data, None, START, after(middle, -1))
    late, _ = build_facts(built.data, early, middle, built.world.last_arrival)
    assert_same("facts.user_scope_day", rows(early) + rows(late), rows(built.user_days))


def test_the_identities_of_the_reports_hold_on_every_row(built: Built) -> None:
    users: dict[tuple[Any, ...], int] = defaultdict(int)
    for row in built.reports["reports.engagement"]:
        users[row["activity_date"], row["scope_type"], row["scope_id"]] += row["users"]
    for row in built.reports["reports.activity_daily"]:
        segments = row["light"] + row["medium"] + row["regular"] + row["core"]
        assert users[row["activity_date"], row["scope_type"], row["scope_id"]] == row["mau28"] == segments
        assert (
            row["new_to_platform"]
            <= row["new_to_scope"]
            <= row["dau"]
            <= row["wau"]
            <= row["mau28"]
            <= row["mau30"]
        )
        assert row["unique_only_here"] == row["dau"] or row["scope_type"] != "all"
    assert len(built.reports["reports.activity_daily"]) > 0


def test_a_wider_window_never_retains_fewer(built: Built) -> None:
    seen: dict[tuple[Any, ...], dict[str, int]] = defaultdict(dict)
    for row in built.reports["reports.retention"]:
        place = row["cohort_date"], row["scope_type"], row["scope_id"], row["cohort_kind"]
        seen[place][row["retention_window"]] = row["retained_so_far"]
        assert row["retained_so_far"] <= row["cohort_size"]
    assert len(seen) > 0
    for windows in seen.values():
        assert max(windows[name] for name in ("D14", "D30", "W2", "W4")) <= windows["unbounded_7_60"]
        assert (
            max(windows[name] for name in ("D1", "D3", "D7", "W1", "unbounded_7_60"))
            <= windows["unbounded_1_60"]
        )
        assert max(windows[name] for name in ("D1", "D3", "D7")) <= windows["W1"]


@pytest.mark.parametrize("zone", [ZONE, "Asia/Kolkata", "Pacific/Auckland", "Asia/Shanghai"])
def test_the_business_day_is_the_calendars_at_midnight_and_on_dst_nights(
    spark: SparkSession, zone: str
) -> None:
    days = [date(2025, 11, 2), date(2026, 3, 8), date(2026, 4, 5), date(2025, 9, 28), date(2026, 1, 1)]
    instants = [
        local(d, 0) + timedelta(hours=h, seconds=s) for d in days for h in range(-26, 26) for s in (-1, 0, 1)
    ]
    events = [Event(str(n), "a", instant) for n, instant in enumerate(instants)]
    here = World(tuple(events), {}, zone, START, START, START)
    given = frame(spark, EVENTS, [{"event_id": e.event_id, "event_at": e.event_at} for e in events])
    dated = given.select("event_id", business_date(F.col("event_at"), zone).alias("day")).collect()
    assert {row.event_id: row.day for row in dated} == {e.event_id: here.day_of(e) for e in events}
