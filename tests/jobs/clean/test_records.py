"""Raw records → typed records."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pyspark.sql import SparkSession

from conf.mapping import Delivery, Feed
from conf.settings import load
from jobs.clean.records import typed_records
from schemas.raw.records import raw_table

FEED = Feed.model_validate(
    {
        "kind": "activity",
        "input": "log",
        "key": {"column": "id"},
        "exposure": "what = 'shown'",
        "columns": {
            "user_id": "who",
            "event_at": {"column": "at", "time": "iso"},
            "event_type": "what",
            "scene_id": {"column": "where", "codes": {"F": "feed"}},
        },
    }
)


def test_text_and_columnar_records_give_the_same_columns_faults_and_exposures(
    spark: SparkSession, tmp_path: Path
) -> None:
    day = date(2026, 3, 1)
    given = [
        {"id": "1", "who": " u1 ", "at": "2026-03-01T00:30:00+08:00", "what": "shown", "where": "F"},
        {"id": "2", "at": "2026-03-01 00:30:00", "what": "view", "where": "G"},
        {"id": "3", "who": "u1", "at": "soon", "what": "view"},
        {"id": " ", "who": "u1", "at": "2026-03-01 00:30:00", "what": ""},
    ]
    rows = [
        ("shop.log", "f", number, day, text, None, fields, None, "hash")
        for number, (fields, text) in enumerate((f, t) for f in given for t in ("as received", None))
    ]
    raw = spark.createDataFrame(rows, raw_table("shop.log").ddl)
    settings = load(None, str(tmp_path))
    typed = typed_records(
        raw, "shop.log", FEED, Delivery(calendar="daily"), settings, "Asia/Shanghai"
    ).orderBy("position")
    names = ("record_key", "user_id", "event_date", "scene_id", "is_exposure", "reason", "detail")
    found = [tuple(row[name] for name in names) for row in typed.collect()]
    assert found[::2] == found[1::2] == [
        ("1", "u1", date(2026, 3, 1), "feed", True, None, None),
        ("2", None, date(2026, 3, 1), None, False, None, None),
        ("3", "u1", None, None, False, "bad_time", "event_at: bad_time"),
        (None, "u1", date(2026, 3, 1), None, False, "missing_required", "key: missing_required"),
    ]  # fmt: skip
