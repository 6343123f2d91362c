"""A judged record that was refused or late stands in its table as it was received, and every record is counted once."""

from __future__ import annotations

from datetime import date

import pytest
from pyspark.sql import SparkSession

from conf.mapping import Feed
from jobs.clean.refused import balance_rows, contract_version, late_rows, mapping_hash, quarantine_rows
from jobs.spark.local_relation import frame_of
from schemas.kinds import REQUIRED

DAY, LATER = date(2026, 3, 1), date(2026, 3, 9)
SCHEMA = (
    "source string, file string, position bigint, landing_date date, arrival_date date, outcome string, reason string,"
    " detail string, raw_text string, fields map<string,string>, content_hash string, contract_version string,"
    " mapping_hash string, record_key string, event_date date"
)


def test_a_refused_a_late_and_an_accepted_record(spark: SparkSession) -> None:
    same = (LATER, LATER)
    judged = frame_of(
        spark,
        [
            ("a.b", "f", 1, *same, "quarantined", "bad_time", "event_at: bad_time", None, {"at": "x"}, "h1", "c", "m", "k1", None),
            ("a.b", "f", 2, *same, "late", "too_late", None, "k2,…", None, "h2", "c", "m", "k2", DAY),
            ("a.b", "f", 3, *same, "accepted", "", None, None, None, "h3", "c", "m", "k3", LATER),
        ],
        SCHEMA,
    )  # fmt: skip
    refused = quarantine_rows(judged).collect()
    assert [(row["position"], row["reason"], row["raw_text"]) for row in refused] == [
        (1, "bad_time", '{"at":"x"}')
    ]
    late = late_rows(judged, REQUIRED).collect()
    assert [(row["record_key"], row["days_late"], row["raw_text"]) for row in late] == [("k2", 8, "k2,…")]
    counts = balance_rows(judged, "run")
    assert sorted((row["outcome"], row["reason"], row["records"]) for row in counts) == [
        ("accepted", "", 1), ("late", "too_late", 1), ("quarantined", "bad_time", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "contract", "mapping"),
    [
        ({"kind": "activity"}, "ac604bd5e4720d48", "eeae70d896c4b72a"),
        ({"kind": "orders"}, "226d71a0e2286719", "f14ac6a2de48dbdb"),
        ({"kind": "orders", "grain": "order"}, "226d71a0e2286719", "f14ac6a2de48dbdb"),
        ({"kind": "orders", "grain": "line"}, "35e1ab0a44c275f4", "1ba64b78343d0655"),
        ({"kind": "refunds"}, "316a410a6657b88c", "259671cfbc9a60ce"),
        ({"kind": "refunds", "grain": "line"}, "74ee9559c58660f2", "da15b86016786f0b"),
        ({"kind": "users"}, "943c7f8ba4be2eee", "e1385ebd528c78c4"),
    ],
)
def test_a_mapping_and_the_contract_of_its_kind_keep_their_hashes(
    kind: dict[str, str], contract: str, mapping: str
) -> None:
    feed = Feed.model_validate({**kind, "input": "log", "key": "position", "columns": {"user_id": "user"}})
    assert (contract_version(feed), mapping_hash(feed)) == (contract, mapping)
