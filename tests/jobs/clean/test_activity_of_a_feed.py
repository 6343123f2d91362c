"""One file read by several feeds: what makes an event's id, which rows are left out, what is an exposure."""

from __future__ import annotations

from datetime import date, datetime
from functools import reduce
from hashlib import sha256
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from conf.mapping import Delivery, Feed
from conf.settings import load
from jobs.clean.batch import accepted_rows
from jobs.clean.natures.fact import judge_facts
from jobs.clean.records import slim, typed_records
from jobs.mapping.kinds import grain_of
from jobs.spark.local_relation import frame_of
from schemas.raw.records import raw_table

LINES = ("a,u1,view", "b,u1,view", "a,u1,test", "a,u1,view", "c,,show")
KEYS: dict[str, Any] = {
    "column": {"column": "id"}, "expression": {"expression": "concat('app-', id)"}, "content": "content",
    "position": "position",
}  # fmt: skip
EVERY = ["refused", "early", "late", "columnar", "in time", "whole", "left out"]
TWICE = "duplicate: repeated_key"


def _raw(spark: SparkSession) -> DataFrame:
    rows = []
    for position, line in enumerate(LINES, 1):
        fields = dict(zip(("id", "user", "what"), line.split(","), strict=True), at="2026-03-01 17:30:00")
        own = {
            "input": "shop.log", "file": "log.csv", "position": position, "landing_date": date(2026, 3, 9),
            "raw_text": line, "fields": fields, "content_hash": sha256(line[2:].encode()).hexdigest(),
        }  # fmt: skip
        rows.append(tuple(own.get(name) for name in raw_table("shop.log").names))
    return spark.createDataFrame(rows, raw_table("shop.log").ddl)


@pytest.mark.parametrize(
    ("feed", "texts", "fields"),
    [
        ({"kind": "activity"}, ["refused", "early", "late"], ["columnar"]),
        ({"kind": "orders"}, ["refused", "late"], ["columnar"]),
        ({"kind": "orders", "lines": {"column": "lines", "columns": {}}}, ["refused", "late"], ["columnar"]),
    ],
    ids=["activity", "orders", "orders with nested lines"],
)
def test_only_what_is_refused_or_late_keeps_the_text_that_came(
    spark: SparkSession, feed: dict[str, Any], texts: list[str], fields: list[str]
) -> None:
    judged = "text string, outcome string, is_early boolean, days_late int"
    rows = [
        ("refused", "quarantined", False, 0), ("early", None, True, 0), ("late", None, False, 4),
        ("columnar", None, False, 4), ("in time", None, False, 3), ("whole", None, False, None),
        ("left out", "filtered", False, 0),
    ]  # fmt: skip
    assert [row[0] for row in rows] == EVERY
    records = frame_of(spark, rows, judged).withColumns(
        {
            "raw_text": F.when(F.col("text") != "columnar", F.col("text")),
            "raw_bytes": F.lit(None).cast("binary"),
            "fields": F.create_map("text", "text"),
        }
    )
    of_feed = Feed.model_validate({"input": "log", "key": KEYS["column"], "columns": {}} | feed)
    kept = slim(records, 3, of_feed)
    assert [row["raw_text"] for row in kept.where("raw_text IS NOT NULL").collect()] == texts
    assert [row["text"] for row in kept.where("fields IS NOT NULL").collect()] == fields


@pytest.fixture(scope="module")
def found(spark: SparkSession) -> dict[str, list[Any]]:
    """Rows of every feed in the order of the file."""
    raw, settings = _raw(spark).persist(), load()

    def of_feed(name: str) -> DataFrame:
        feed = Feed.model_validate(
            {
                "kind": "activity", "input": "log", "key": KEYS[name], "filters": {"of_a_test": "what = 'test'"},
                "exposure": "what = 'show'",
                "columns": {"user_id": "user", "event_at": {"column": "at"}, "event_type": "what"},
            }
        )  # fmt: skip
        delivery = Delivery(complete_through=date(2026, 3, 9))
        typed = typed_records(raw, f"shop.{name}", feed, delivery, settings, "Europe/Berlin")
        records = typed.withColumn("is_early", F.lit(False))
        judged = judge_facts(records, None, settings, may_repeat=not feed.key.position)
        accepted = accepted_rows(judged, grain_of(feed))
        rows = accepted.unionByName(judged.where("outcome <> 'accepted'"), allowMissingColumns=True)
        return rows.select(
            F.lit(name).alias("feed"), "position", F.concat_ws(": ", "outcome", "reason").alias("outcome"),
            "event_id", "user_id", F.col("event_at").cast("timestamp_ntz").alias("event_at"), "event_date",
            "arrival_date", "is_exposure",
        )  # fmt: skip

    rows = sorted(
        reduce(DataFrame.unionByName, map(of_feed, KEYS)).collect(), key=lambda row: row["position"]
    )
    return {name: [row for row in rows if row["feed"] == name] for name in KEYS}


@pytest.mark.parametrize(
    ("feed", "outcomes"),
    [
        ("column", ["accepted", "accepted", "filtered: of_a_test", TWICE, "accepted"]),
        ("expression", ["accepted", "accepted", "filtered: of_a_test", TWICE, "accepted"]),
        ("content", ["accepted", TWICE, "filtered: of_a_test", TWICE, "accepted"]),
        ("position", ["accepted", "accepted", "filtered: of_a_test", "accepted", "accepted"]),
    ],
)
def test_what_makes_an_events_id_decides_what_is_a_duplicate(
    found: dict[str, list[Any]], feed: str, outcomes: list[str]
) -> None:
    assert [row["outcome"].removesuffix(": ") for row in found[feed]] == outcomes


def test_the_id_is_the_column_what_is_made_of_it_the_hash_or_the_place(found: dict[str, list[Any]]) -> None:
    assert [found[feed][0]["event_id"] for feed in KEYS] == [
        "a",
        "app-a",
        sha256(b"u1,view").hexdigest(),
        "shop.position:log.csv:1",
    ]


def test_an_exposure_and_a_missing_user_are_accepted_and_marked(found: dict[str, list[Any]]) -> None:
    assert [row["is_exposure"] for row in found["position"]] == [False, False, False, False, True]
    assert [row["user_id"] for row in found["position"]] == ["u1", "u1", "u1", "u1", None]


def test_a_whole_history_arrives_on_the_business_day_of_each_event(found: dict[str, list[Any]]) -> None:
    first = found["position"][0]
    assert (first["event_at"], first["event_date"], first["arrival_date"]) == (
        datetime(2026, 3, 1, 16, 30),
        date(2026, 3, 2),
        date(2026, 3, 2),
    )
