"""Published tables are read without a JVM, and nothing else can be read that way."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from conf.errors import ConfigError
from jobs.cli.tables import digest, query, rendered, rows_of, table_named
from jobs.lake import Lake
from schemas.reports.orders import ORDERS_DAILY_REPORT


@pytest.fixture
def small(tmp_path: Path) -> Lake:
    lake = Lake(str(tmp_path))
    rows = [
        {"order_date": date(2026, 3, day), "scope_type": "all", "scope_id": "all", "orders": day, "buyers": 1,
         "gmv_paid": None, "refunds": None, "new_registered": None, "registered_users": None, "net_cash": None,
         "is_complete": True, "definition_hash": "h"}
        for day in (1, 2, 3)
    ]  # fmt: skip
    lake.replace_rows(ORDERS_DAILY_REPORT, rows, None)
    return lake


def test_a_condition_and_a_limit_choose_rows_in_key_order(small: Lake) -> None:
    found = rows_of(small, table_named("orders_daily"), "orders > 1", 1)
    assert found.select(["order_date", "orders"]).to_pylist() == [
        {"order_date": date(2026, 3, 2), "orders": 2}
    ]


def test_json_holds_iso_dates_numbers_and_null(small: Lake) -> None:
    text = rendered(rows_of(small, ORDERS_DAILY_REPORT, "orders = 1", None), "json")
    row = json.loads(text)[0]
    assert (row["order_date"], row["orders"], row["gmv_paid"], row["is_complete"]) == (
        "2026-03-01",
        1,
        None,
        True,
    )


def test_csv_leaves_null_empty(small: Lake) -> None:
    found = rows_of(small, ORDERS_DAILY_REPORT, "orders = 3", None).select(
        ["order_date", "gmv_paid", "is_complete"]
    )
    assert rendered(found, "csv") == "order_date,gmv_paid,is_complete\n2026-03-03,,true\n"


def test_sql_reads_tables_by_bare_and_by_full_name(small: Lake) -> None:
    assert query(small, "select sum(orders)::int n from orders_daily").to_pylist() == [{"n": 6}]
    assert query(small, "select count(*)::int n from reports.orders_daily").to_pylist() == [{"n": 3}]


@pytest.mark.parametrize(
    "text",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "copy orders_daily to '/tmp/x'",
        "select 1; select 2",
        "create table t as select 1",
        "set enable_external_access = true",
        "attach '/tmp/x.db'",
    ],
)
def test_sql_reaches_nothing_but_the_tables(small: Lake, text: str) -> None:
    with pytest.raises(ConfigError, match="sql: "):
        query(small, text)


def test_a_condition_cannot_smuggle_a_second_statement(small: Lake) -> None:
    with pytest.raises(ConfigError, match="--where: "):
        rows_of(small, ORDERS_DAILY_REPORT, "1 = 1); drop table rows; select (1", None)


def test_an_unknown_table_is_answered_with_those_that_exist() -> None:
    with pytest.raises(ConfigError, match="reports.activity_daily"):
        table_named("nothing")


def test_the_digest_survives_a_rewrite_of_the_same_rows(small: Lake) -> None:
    before = digest(small, ORDERS_DAILY_REPORT)
    rows = small.read_rows(ORDERS_DAILY_REPORT)
    small.replace_rows(ORDERS_DAILY_REPORT, rows.take([2, 0, 1]), None)
    assert digest(small, ORDERS_DAILY_REPORT) == before
