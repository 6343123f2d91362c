"""Landed records are judged alike however they are split into runs, by the plainest reading of the rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import DataFrame, SparkSession

from conf.mapping import Delivery, Feed
from conf.settings import load
from jobs.clean.batch import Batch, Part
from jobs.clean.natures import fact
from jobs.spark.local_relation import frame_of
from schemas.clean.activity import EVENTS
from schemas.clean.refused import LATE_EVENT
from schemas.contract import Table
from tests.properties.frames import frame

START = date(2026, 1, 1)
CONF = load()
SPAN, LATENESS = CONF.duplicates_within_days, CONF.allowed_lateness_days
FEED = Feed.model_validate(
    {
        "kind": "activity", "input": "log", "key": {"column": "id"},
        "columns": {"user_id": "user", "event_at": "at", "event_type": "type"},
    }
)  # fmt: skip
SOURCES = {"a.csv": "shop.activity", "b.csv": "shop.activity", "c.csv": "web.activity"}


@dataclass(frozen=True, order=True)
class Record:
    """One record, ordered as it landed.

    Attributes:
        landed: days from START to its landing day.
        days_late: from its event date to the landing day.
    """

    landed: int
    file: str
    position: int
    key: str = field(compare=False)
    days_late: int = field(compare=False)


Outcomes = dict[tuple[int, str, int], str]


def judged_plainly(log: Iterable[Record]) -> Outcomes:
    """One record after the other, with the landing day of the last fact of each key."""
    fact_day: dict[str, int] = {}
    outcomes = {}
    for record in sorted(log):
        last = fact_day.get(record.key)
        if last is not None and record.landed - last <= SPAN:
            outcome = "duplicate"
        else:
            fact_day[record.key] = record.landed
            outcome = "late" if record.days_late > LATENESS else "accepted"
        outcomes[record.landed, record.file, record.position] = outcome
    return outcomes


@dataclass
class Stored:
    """A lake that holds nothing but the rows that earlier runs brought to two clean tables."""

    spark: SparkSession
    rows: dict[str, list[dict[str, Any]]]

    def exists(self, table: Table) -> bool:
        """True once a run has brought rows."""
        return bool(self.rows.get(table.name))

    def read(self, table: Table) -> DataFrame:
        """The rows of a table."""
        return frame(self.spark, table, self.rows.get(table.name, ()))


def judged_in_runs(spark: SparkSession, log: Iterable[Record], ends: list[int]) -> Outcomes:
    """The outcomes of runs that each take the landing days after the end of the one before."""
    lake = Stored(spark, {EVENTS.name: [], LATE_EVENT.name: []})
    outcomes: Outcomes = {}
    for before, end in pairwise([-1, *ends]):
        rows = [_row(record) for record in log if before < record.landed <= end]
        if not rows:
            continue
        ddl = (
            "record_key string, outcome string, reason string, arrival_date date, event_date date, event_at timestamp,"
            " days_late int, is_early boolean, file string, position bigint, source string"
        )
        part = Part("shop.activity", FEED, Delivery(calendar="daily"), "UTC", frame_of(spark, [], ddl), {}, frozenset(),
                    None, frozenset())  # fmt: skip
        records = frame_of(spark, rows, ddl)
        for row in fact.judge(Batch(lake, CONF, (part,)), records).collect():  # type: ignore[arg-type]
            landed = (row.arrival_date - START).days
            outcomes[landed, row.file, row.position] = row.outcome
            table = {"accepted": EVENTS, "late": LATE_EVENT}.get(row.outcome)
            if table is not None:
                lake.rows[table.name].append(row.asDict() | {EVENTS.key[0]: row.record_key})
    return outcomes


def in_order(outcomes: Outcomes) -> list[str]:
    """The outcomes as the records landed."""
    return [outcome for _, outcome in sorted(outcomes.items())]


def _row(record: Record) -> tuple[Any, ...]:
    landed = START + timedelta(days=record.landed)
    event_date = landed - timedelta(days=record.days_late)
    event_at = datetime(event_date.year, event_date.month, event_date.day, tzinfo=UTC)
    return (
        record.key, None, None, landed, event_date, event_at, record.days_late, False, record.file, record.position,
        SOURCES[record.file],
    )  # fmt: skip


@st.composite
def logs(draw: st.DrawFn) -> list[Record]:
    """Records of keys that come again after a day, about the span, or twice the span."""
    pauses = st.sampled_from([0, 0, 1, 2, SPAN - 1, SPAN, SPAN + 1, 2 * SPAN])
    copies = st.tuples(
        pauses, st.sampled_from(sorted(SOURCES)), st.sampled_from([0, 1, LATENESS, LATENESS + 1, 50])
    )
    chains = draw(st.lists(st.lists(copies, min_size=1, max_size=6), min_size=10, max_size=40))
    records = []
    for number, chain in enumerate(chains):
        landed = number % 5
        for position, (pause, file, days_late) in enumerate(chain):
            landed += pause
            # Of records of one day and file the later ones of a chain stand first.
            records.append(Record(landed, file, 10 * number + 9 - position, f"k{number}", days_late))
    return records


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(log=logs(), cuts=st.sets(st.integers(0, 8 * SPAN), max_size=3))
def test_runs_of_any_days_give_what_the_rule_says_of_all_of_them(
    spark: SparkSession, log: list[Record], cuts: set[int]
) -> None:
    expected = judged_plainly(log)
    last = max(record.landed for record in log)
    assert judged_in_runs(spark, log, [last]) == expected
    assert judged_in_runs(spark, log, sorted({min(cut, last) for cut in cuts} | {last})) == expected


@pytest.mark.parametrize(
    ("landed", "outcomes"),
    [
        ((0, SPAN, SPAN + 1), ["accepted", "duplicate", "accepted"]),
        ((0, 20, 40, 60, 80), ["accepted", "duplicate", "accepted", "duplicate", "accepted"]),
    ],
    ids=["the span's last day", "a repeat does not extend the span"],
)
def test_a_key_is_free_again_when_its_last_fact_is_long_ago(
    spark: SparkSession, landed: tuple[int, ...], outcomes: list[str]
) -> None:
    log = [Record(day, "a.csv", 1, "k", 0) for day in landed]
    for ends in ([landed[-1]], list(landed)):
        assert in_order(judged_in_runs(spark, log, ends)) == outcomes


def test_the_copy_that_lands_first_is_the_fact_whatever_time_each_of_them_carries(
    spark: SparkSession,
) -> None:
    in_time_first = [Record(1, "b.csv", 1, "k", 0), Record(5, "a.csv", 1, "k", 4)]
    late_first = [Record(5, "a.csv", 1, "k", 4), Record(6, "a.csv", 1, "k", 0)]
    for log, outcomes in ((in_time_first, ["accepted", "duplicate"]), (late_first, ["late", "duplicate"])):
        for ends in ([9], [5, 9]):
            assert in_order(judged_in_runs(spark, log, ends)) == outcomes
