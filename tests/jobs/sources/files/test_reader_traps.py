"""Every way in which a reader of files loses, shifts or makes up values: what becomes of such a record here.

One table of landed files, read through the real reader and typed by Spark in one job.
"""

from __future__ import annotations

import gzip
import io
from functools import reduce
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from conf.settings import load
from jobs.clean.records import typed_records
from jobs.sources.files.landing import landed
from jobs.sources.files.raw import read_records


def _parquet(**columns: list[Any]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


AT = "2026-03-01T10:00:00Z"
GOOD = f'{{"order":"o1","n":1,"amount":2.50,"at":"{AT}"}}'
LINES = gzip.compress((GOOD + "\n").encode() * 5000)
WHOLE = _parquet(order=["o1", "o2"], n=[1, 2], amount=["2.50", "9"], at=[AT, AT])
OK = (None, None)
BAD = "quarantined"

# input → files of it; each expected record is (outcome, `reason` or `reason of column`)
TRAPS: dict[str, tuple[list[tuple[str, bytes]], list[tuple[str | None, str | None]]]] = {
    "gzip_cut_in_half.jsonl.gz": (
        [("a.jsonl.gz", LINES[: len(LINES) // 2]), ("b.jsonl.gz", gzip.compress(GOOD.encode()))],
        [(BAD, "unreadable_file"), OK],
    ),
    "broken_line.jsonl": ([("a.jsonl", f'{GOOD}\n{{"order":\n{GOOD}\n'.encode())], [OK, (BAD, "malformed"), OK]),
    "text_for_a_number.jsonl": (
        [("a.jsonl", GOOD.replace('"n":1', '"n":"oops"').encode())], [(BAD, "n: type_mismatch")],
    ),
    "number_that_is_too_large.jsonl": (
        [("a.jsonl", GOOD.replace('"n":1', '"n":9223372036854775808').encode())], [(BAD, "n: out_of_range")],
    ),
    "money_that_is_too_large.jsonl": (
        [("a.jsonl", GOOD.replace("2.50", "1e30").encode())], [(BAD, "amount: out_of_range")],
    ),
    "not_a_number.jsonl": (
        [("a.jsonl", GOOD.replace("2.50", '"NaN"').encode())], [(BAD, "amount: out_of_range")],
    ),
    "no_such_time.jsonl": (
        [("a.jsonl", GOOD.replace("03-01T", "02-30T").encode())], [(BAD, "at: bad_time")],
    ),
    "blank_lines.jsonl": (
        [("a.jsonl", f"{GOOD}\n\n{GOOD}\n  \n".encode())], [OK, (BAD, "blank_line"), OK, (BAD, "blank_line")],
    ),
    "key_given_twice.jsonl": (
        [("a.jsonl", GOOD.replace('"n":1', '"n":1,"n":2').encode())], [(BAD, "duplicate_key")],
    ),
    "unknown_field.jsonl": ([("a.jsonl", GOOD.replace('"n":1', '"n":1,"new":true').encode())], [OK]),
    "bytes_that_are_no_text.jsonl": (
        [("a.jsonl", GOOD.encode() + b"\n" + GOOD.encode().replace(b"o1", b"\xff\xfe") + b"\n")],
        [OK, (BAD, "not_utf8")],
    ),
    "required_value_missing.jsonl": (
        [("a.jsonl", GOOD.replace('"o1"', '""').encode())], [(BAD, "order: missing_required")],
    ),
    "too_few_and_too_many_fields.csv": (
        [("a.csv", f"order,n,amount,at\no1,1\no2,1,2,{AT},x\no3,one,2,{AT}\no4,1,2,{AT}\n".encode())],
        [(BAD, "too_few_fields"), (BAD, "too_many_fields"), (BAD, "n: type_mismatch"), OK],
    ),
    "columns_in_another_order.csv": (
        [("a.csv", f"order,n,amount,at\no1,1,2.50,{AT}\n".encode()),
         ("b.csv", f"at,amount,n,order\n{AT},2.50,1,o1\n".encode())], [OK, OK],
    ),
    "quote_that_never_ends.csv": (
        [("a.csv", f'order,n,amount,at\n"o1,1,2,{AT}\no2,1,2,{AT}\n'.encode())], [(BAD, "malformed"), OK],
    ),
    "cut_in_half.parquet": (
        [("a.parquet", WHOLE[: len(WHOLE) // 2]), ("b.parquet", WHOLE)], [(BAD, "unreadable_file"), OK, OK],
    ),
    "type_that_changes.parquet": (
        [("a.parquet", WHOLE), ("b.parquet", _parquet(order=["o3"], n=["x"], amount=["1"], at=[AT]))],
        [OK, OK, (BAD, "n: type_mismatch")],
    ),
    "column_that_is_absent.parquet": (
        [("a.parquet", _parquet(order=["o1"], n=[1], at=[AT]))], [(BAD, "amount: missing_required")],
    ),
}  # fmt: skip
COLUMNS = {
    "order_id": "order",
    "quantity": "n",
    "amount": "amount",
    "paid_at": {"column": "at", "time": "iso"},
}
TARGET = {"order": "order_id", "n": "quantity", "at": "paid_at"}


def _deploy(folder: Path) -> Path:
    mapping: dict[str, Any] = {
        "title": "traps",
        "root": "../landing",
        "zone": "UTC",
        "inputs": {},
        "feeds": {},
    }
    for trap, (files, _) in TRAPS.items():
        name, kind = trap.split(".")[:2]
        for file, data in files:
            path = folder / "landing" / name / "2026-03-01" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        mapping["inputs"][name] = {
            "path": f"{name}/{{date}}/*", "format": {"kind": "json" if kind == "jsonl" else kind},
            "delivery": {"calendar": "daily"},
        }  # fmt: skip
        mapping["feeds"][name] = {
            "kind": "orders", "grain": "line", "input": name, "key": "position", "columns": COLUMNS,
        }  # fmt: skip
    (folder / "conf" / "sources").mkdir(parents=True)
    (folder / "conf" / "sources" / "shop.yml").write_text(yaml.safe_dump(mapping))
    return folder / "conf"


@pytest.fixture(scope="module")
def records(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """Typed records of every trap, in the order of file and position."""
    settings = load(_deploy(tmp_path_factory.mktemp("traps")))
    found = landed(settings)
    mapping = settings.sources["shop"]

    def raw(name: str) -> DataFrame:
        return read_records(spark, settings, [file for file in found if file.input == f"shop.{name}"])

    every = reduce(DataFrame.unionByName, map(raw, mapping.feeds))
    one = next(iter(mapping.feeds))  # the feeds differ in their input only
    delivery = mapping.inputs[one].delivery
    frame = typed_records(every, f"shop.{one}", mapping.feeds[one], delivery, settings, mapping.zone)
    rows = frame.select(
        F.split_part("file", F.lit("/"), F.lit(1)).alias("trap"), "file", "position", "outcome", "reason", "detail",
        "order_id", "quantity", "amount", "raw_text", "raw_bytes",
    ).collect()  # fmt: skip
    by_trap: dict[str, list[dict[str, Any]]] = {name: [] for name in mapping.feeds}
    for row in sorted(rows, key=lambda row: (row["file"], row["position"])):
        by_trap[row["trap"]].append(row.asDict())
    return by_trap


@pytest.mark.parametrize("trap", TRAPS)
def test_every_record_of_a_trap_has_its_outcome(records: dict[str, list[dict[str, Any]]], trap: str) -> None:
    expected = []
    for outcome, reason in TRAPS[trap][1]:
        column, _, code = (reason or "").rpartition(": ")
        detail = f"{TARGET.get(column, column)}: {code}" if column else None
        expected.append((outcome, code or None, detail))
    assert [(r["outcome"], r["reason"], r["detail"]) for r in records[trap.split(".")[0]]] == expected


def test_good_records_beside_a_trap_keep_their_values(records: dict[str, list[dict[str, Any]]]) -> None:
    good = {
        name: [(r["order_id"], r["quantity"], str(r["amount"])) for r in rows if r["outcome"] is None]
        for name, rows in records.items()
    }
    first = ("o1", 1, "2.50")
    assert good["broken_line"] == [first, first]
    assert good["columns_in_another_order"] == [first, first]
    assert good["quote_that_never_ends"] == [("o2", 1, "2.00")]
    assert good["cut_in_half"] == good["type_that_changes"] == [first, ("o2", 2, "9.00")]
    assert good["unknown_field"] == [first]


def test_a_refused_record_is_kept_as_it_was_received(records: dict[str, list[dict[str, Any]]]) -> None:
    assert records["broken_line"][1]["raw_text"] == '{"order":'
    assert records["key_given_twice"][0]["raw_text"] == GOOD.replace('"n":1', '"n":1,"n":2')
    no_text = records["bytes_that_are_no_text"][1]
    assert no_text["raw_text"] is None
    assert bytes(no_text["raw_bytes"]) == GOOD.encode().replace(b"o1", b"\xff\xfe")
