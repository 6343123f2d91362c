"""Landed files on disk → raw tables, through Spark: nothing lost, nothing shifted, nothing made up."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession

from jobs.lake.arrow import arrow_schema
from jobs.lake.tables import Lake
from jobs.sources.files.landing import landed, pending
from jobs.sources.files.raw import ingest_raw, raw_batch
from schemas.ops.tables import INGESTED_FILE
from schemas.raw.records import raw_table

from .conftest import Deploy

Land = Callable[[str, bytes], Path]
DAILY = {"calendar": "daily"}


def _ingest(spark: SparkSession, settings: Any) -> tuple[dict[tuple[str, str], int], list[dict[str, Any]]]:
    lake = Lake(settings.lake, spark)
    files = pending(landed(settings), arrow_schema(INGESTED_FILE).empty_table(), None, None)
    counts = ingest_raw(lake, settings, files, lambda _: None).lines_in
    rows = raw_batch(lake, "shop.log", files).orderBy("file", "position").collect()
    return counts, [row.asDict() for row in rows]


def test_json_lines_keep_every_line_in_its_place(spark: SparkSession, deploy: Deploy, land: Land) -> None:
    settings = deploy(log=("dt={date}/*.gz", {"kind": "json"}, DAILY, ("activity",)))
    lines = [
        b'{"id": 1, "n": 9223372036854775808, "x": {"y": [1]}}',
        b"",
        b'{"id": 2',
        b'{"id": 3, "id": 4}',
        b'"\xff"',
    ]
    land("dt=2026-03-01/a b%+#\xe4.jsonl.gz", gzip.compress(b"\n".join(lines) + b"\n"))
    counts, rows = _ingest(spark, settings)
    assert list(counts.values()) == [5]
    assert [(row["position"], row["problem"]) for row in rows] == [
        (1, None), (2, "blank_line"), (3, "malformed"), (4, "duplicate_key"), (5, "not_utf8"),
    ]  # fmt: skip
    assert rows[0]["fields"] == {"id": "1", "n": "9223372036854775808", "x": '{"y":[1]}'}
    assert (rows[2]["raw_text"], rows[4]["raw_text"], bytes(rows[4]["raw_bytes"])) == (
        '{"id": 2',
        None,
        b'"\xff"',
    )


def test_a_gzip_file_cut_in_half_is_one_unreadable_record(
    spark: SparkSession, deploy: Deploy, land: Land
) -> None:
    settings = deploy(log=("dt={date}/*.gz", {"kind": "json"}, DAILY, ("activity",)))
    whole = gzip.compress(b"".join(b'{"id": %d}\n' % n for n in range(5000)))
    land("dt=2026-03-01/cut.jsonl.gz", whole[: len(whole) // 2])
    land("dt=2026-03-01/good.jsonl.gz", gzip.compress(b'{"id": 1}\n'))
    counts, rows = _ingest(spark, settings)
    assert sorted(counts.values()) == [1, 1]
    assert [row["problem"] for row in rows] == ["unreadable_file", None]


def test_csv_columns_in_another_order_keep_their_names(
    spark: SparkSession, deploy: Deploy, land: Land
) -> None:
    settings = deploy(log=("dt={date}/*.csv", {"kind": "csv"}, DAILY, ("activity",)))
    land("dt=2026-03-01/a.csv", b'user,what\nu1,"a, ""b""\nc"\n')
    land("dt=2026-03-01/b.csv", b"what,user\nbuy,u2\nbuy\nbuy,u3,more\n")
    _, rows = _ingest(spark, settings)
    assert [(row["fields"], row["problem"]) for row in rows][:2] == [
        ({"user": "u1", "what": 'a, "b"\nc'}, None),
        ({"user": "u2", "what": "buy"}, None),
    ]
    assert [row["problem"] for row in rows[2:]] == ["too_few_fields", "too_many_fields"]


def test_parquet_files_of_different_schemas_are_read_by_name_as_text(
    spark: SparkSession, deploy: Deploy, land: Land, tmp_path: Path
) -> None:
    settings = deploy(log=("dt={date}/*.parquet", {"kind": "parquet"}, DAILY, ("activity",)))
    land("dt=2026-03-01/broken.parquet", b"PAR1 and no more")
    folder = tmp_path / "landing" / "dt=2026-03-01"
    pq.write_table(pa.table({"id": [1, 2], "user": ["u1", None]}), folder / "numbers [1].parquet")
    pq.write_table(pa.table({"id": ["x"]}), folder / "texts.parquet")
    counts, rows = _ingest(spark, settings)
    assert sorted(counts.values()) == [1, 1, 2]
    assert [(row["fields"], row["problem"]) for row in rows] == [
        (None, "unreadable_file"), ({"id": "1", "user": "u1"}, None), ({"id": "2"}, None), ({"id": "x"}, None),
    ]  # fmt: skip


def test_a_batch_that_was_left_half_done_is_replaced_and_not_doubled(
    spark: SparkSession, deploy: Deploy, land: Land
) -> None:
    settings = deploy(log=("dt={date}/*.csv", {"kind": "csv"}, DAILY, ("activity",)))
    land("dt=2026-03-01/a.csv", b"user\nu1\nu2\n")
    _ingest(spark, settings)
    counts, rows = _ingest(spark, settings)
    assert (list(counts.values()), len(rows)) == ([2], 2)
    assert Lake(settings.lake, spark).read(raw_table("shop.log")).count() == 2
