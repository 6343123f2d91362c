"""Refused records are counted, shown as they came, and accepted once their mapping is mended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from jobs.cli.errors import explained
from jobs.cli.main import app
from jobs.lake.select import rows_of
from jobs.lake.tables import Lake
from jobs.pipeline.run import STAGES, run
from schemas.clean.orders import ORDERS
from schemas.ops.tables import INGEST_BALANCE
from tests.lakes import Silent
from tests.small_shop import SHOP, deploy

MENDED = SHOP.replace(
    "      amount: amount\n  refunds:",
    "      amount: {{expression: \"case when amount = 'oops' then '30.00' else amount end\"}}\n  refunds:",
)


@pytest.fixture(scope="module")
def published(spark: SparkSession, folder: Path) -> Path:
    """The folder of the shop, once it is published."""
    run(deploy(folder), STAGES, None, None, Silent())
    return folder


def command(folder: Path, *arguments: str) -> int:
    where = ["--conf", str(folder / "conf"), "--lake", str(folder / "lake")]
    return explained(lambda: app([*where, "quarantine", *arguments], standalone_mode=False), debug=False)


def test_records_are_counted_by_source_reason_day_and_contract_version(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(published, "list", "--format", "json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["source"], row["reason"], row["landing_date"], row["records"]) for row in rows] == [
        ("app.activity", "bad_time", "2026-03-03", 1),
        ("shop.orders", "type_mismatch", "2026-03-02", 1),
    ]
    assert all(len(row["contract_version"]) == 16 for row in rows)
    command(published, "list", "--source", "shop", "--to", "2026-03-01", "--format", "json")
    assert json.loads(capsys.readouterr().out) == []


def test_a_record_is_shown_with_its_place_its_fault_and_its_text(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command(published, "show", "--source", "shop.orders", "--format", "csv")
    assert capsys.readouterr().out.splitlines() == [
        "source,file,position,landing_date,reason,detail,raw_text",
        "shop.orders,orders/2026-03-02.csv,2,2026-03-02,type_mismatch,amount: type_mismatch,"
        '"o3,u2,new,2026-03-02T09:00:00Z,2026-03-02T09:00:00Z,oops"',
    ]
    command(published, "show", "--limit", "1", "--format", "json")
    assert [row["source"] for row in json.loads(capsys.readouterr().out)] == ["app.activity"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["list", "--source", "till"], "--source: 'till' is none of app, app.activity, shop, "),
        (["show", "--reason", "ugly"], "--reason: 'ugly' is none of bad_time, "),
        (
            ["requeue", "--reason", "malformed", "--because", "x", "--by", "ana"],
            "no refused record is like that",
        ),
        (["requeue", "--because", "", "--by", "ana"], "the reason is empty"),
    ],
)
def test_what_is_wrong_is_said(
    published: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(published, *arguments) == 2
    assert message in capsys.readouterr().err


def test_a_record_is_accepted_once_its_mapping_is_mended_and_the_balance_holds(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deploy(published, shop=MENDED)
    assert command(published, "requeue", "--source", "shop", "--because", "amount mended", "--by", "ana") == 0
    capsys.readouterr()
    lake = Lake(str(published / "lake"))
    (order,) = rows_of(lake, ORDERS, "order_id = 'o3'", None).to_pylist()
    assert str(order["amount"]) == "30.00"
    command(published, "list", "--format", "json")
    assert [row["source"] for row in json.loads(capsys.readouterr().out)] == ["app.activity"]
    of_file = [
        row for row in lake.read_rows(INGEST_BALANCE).to_pylist() if row["file"] == "orders/2026-03-02.csv"
    ]
    outcomes = sorted((row["outcome"], row["records"]) for row in of_file)
    assert outcomes == [("accepted", 1), ("superseded", 1)], (
        "the other order's newer state came the day after"
    )
