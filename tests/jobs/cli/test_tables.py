"""Published tables are read without a JVM, and nothing else can be read that way."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from jobs.cli.tables import digest, query, rendered, rows_of, table_named

from conf.errors import ConfigError
from jobs.lake.tables import Lake
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


def test_json_holds_decimals_as_numbers_instants_as_text_and_an_empty_list_for_no_rows() -> None:
    rows = pa.table(
        {
            "money": pa.array([Decimal("572713.89"), None], pa.decimal128(18, 2)),
            "rate": [0.25, None],
            "at": pa.array([datetime(2026, 3, 1, 12, tzinfo=UTC), None], pa.timestamp("us", "UTC")),
            "name": ['寻宝图 "a"', None],
        }
    )
    assert rendered(rows, "json") == (
        '[{"money": 572713.89, "rate": 0.25, "at": "2026-03-01T12:00:00+00:00", "name": "寻宝图 \\"a\\""},\n'
        ' {"money": null, "rate": null, "at": null, "name": null}]\n'
    )
    assert rendered(rows.slice(0, 0), "json") == "[]\n"


def test_numbers_that_json_does_not_know_are_null() -> None:
    rows = pa.table({"rate": [float("nan"), float("inf")]})
    assert json.loads(rendered(rows, "json")) == [{"rate": None}, {"rate": None}]


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
        "select * from read_text('/etc/passwd')",
        "select * from read_blob('/etc/passwd')",
        "select * from read_parquet('/etc/passwd')",
        "select * from delta_scan('/etc')",
        "select * from glob('/etc/*')",
        "select getenv('HOME')",
        "copy orders_daily to '/tmp/x'",
        "copy (select 1) to '/tmp/x'",
        "export database '/tmp/x'",
        "install httpfs",
        "load httpfs",
        "pragma database_list",
        "pragma enable_external_access",
        "call pragma_version()",
        "explain select 1",
        "drop view orders_daily",
        "insert into orders_daily select * from orders_daily",
        "update orders_daily set orders = 0",
        "delete from orders_daily",
        "reset lock_configuration",
        "select 1; select 2",
        "create table t as select 1",
        "set enable_external_access = true",
        "attach '/tmp/x.db'",
    ],
)
def test_sql_reaches_nothing_but_the_tables(small: Lake, text: str) -> None:
    with pytest.raises(ConfigError, match="sql: "):
        query(small, text)


@pytest.mark.parametrize(
    "condition",
    [
        "1 = 1); drop table rows; select (1",
        "1 = 1) union all select * from read_csv('/etc/passwd') where (true",
        "orders in (select length(content) from read_text('/etc/passwd'))",
        "orders > 1 -- ",
        "nothing = 1",
        "orders >",
        "",
        ";",
    ],
)
def test_a_condition_reaches_nothing_but_the_rows_of_its_table(small: Lake, condition: str) -> None:
    try:
        found = rows_of(small, ORDERS_DAILY_REPORT, condition, None)
    except ConfigError as error:
        assert str(error).startswith("--where: ")
    else:
        assert condition in ("", "orders > 1 -- ")
        assert found.num_rows == (3 if condition == "" else 2)


def test_an_unknown_table_is_answered_with_those_that_exist() -> None:
    with pytest.raises(ConfigError, match="reports.activity_daily"):
        table_named("nothing")


def test_the_digest_survives_a_rewrite_of_the_same_rows(small: Lake) -> None:
    before = digest(small, ORDERS_DAILY_REPORT)
    rows = small.read_rows(ORDERS_DAILY_REPORT)
    small.replace_rows(ORDERS_DAILY_REPORT, rows.take([2, 0, 1]), None)
    assert digest(small, ORDERS_DAILY_REPORT) == before
