"""Tables of every layer are read without a JVM, and nothing else can be read that way."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow.dataset import Dataset

from conf.errors import ConfigError
from jobs.lake import select
from jobs.lake.select import query, rows_of
from jobs.lake.tables import Lake
from schemas.catalog import BARE_NAMES, TABLES
from schemas.clean.refunds import REFUNDS
from schemas.facts.user_scope_day import USER_SCOPE_DAY
from schemas.ops.tables import RUN
from schemas.reports.orders import ORDERS_DAILY_REPORT

DAYS = [date(2026, 3, day) for day in (1, 2, 3)]


@pytest.fixture
def small(tmp_path: Path) -> Lake:
    lake = Lake(str(tmp_path))
    rows = [
        {"order_date": day, "scope_type": "all", "scope_id": "all", "orders": day.day, "buyers": 1,
         "gmv_paid": None, "refunds": None, "new_registered": None, "registered_users": None, "net_cash": None,
         "is_complete": True, "definition_hash": "h"}
        for day in DAYS
    ]  # fmt: skip
    lake.replace_rows(ORDERS_DAILY_REPORT, rows, None)
    return lake


def test_a_condition_and_a_limit_choose_rows_in_key_order(small: Lake) -> None:
    rows = rows_of(small, ORDERS_DAILY_REPORT, "orders > 1", 1)
    assert rows.select(["order_date", "orders"]).to_pylist() == [
        {"order_date": date(2026, 3, 2), "orders": 2}
    ]


def test_sql_reads_tables_by_bare_and_by_full_name(small: Lake) -> None:
    assert query(small, "select sum(orders)::int n from orders_daily").to_pylist() == [{"n": 6}]
    assert query(small, "select count(*)::int n from reports.orders_daily").to_pylist() == [{"n": 3}]


def _active(day: date, user: str) -> dict[str, object]:
    return {"event_date": day, "scope_type": "all", "scope_id": "all", "group_type": "all", "group_id": "all",
            "user_id": user, "events": 1, "prev_date": None, "first_date": day, "platform_first_date": day,
            "history_bits": 1, "other_scopes": 0}  # fmt: skip


@pytest.fixture
def layers(small: Lake) -> Lake:
    """The small lake with a refund, two active users of each day and a run."""
    refund = {"refund_id": "r1", "amount": 1, "refunded_at": datetime(2026, 3, 1, tzinfo=UTC), "refund_date": DAYS[0],
              "arrival_date": DAYS[0], "source": "s", "file": "f", "position": 1}  # fmt: skip
    run = {"run_id": "r", "command": "ingest", "started_at": datetime(2026, 3, 1, tzinfo=UTC), "code_version": "1",
           "config_hash": "c"}  # fmt: skip
    small.append_rows(REFUNDS, [refund])
    small.append_rows(USER_SCOPE_DAY, [_active(day, user) for day in reversed(DAYS) for user in ("b", "a")])
    small.append_rows(RUN, [run])
    return small


def test_sql_reaches_every_layer_in_one_statement(layers: Lake) -> None:
    text = """select (select count(*) from clean.refunds) refunds, (select count(*) from facts.user_scope_day) facts,
              (select count(*) from "reports"."orders_daily") reports, (select count(*) from Run) ops"""
    assert query(layers, text).to_pylist() == [{"refunds": 1, "facts": 6, "reports": 3, "ops": 1}]


def test_a_name_of_a_common_table_expression_hides_the_table_of_that_name(layers: Lake) -> None:
    text = "with refunds as (select 7 as n) select n from refunds"
    assert query(layers, text).to_pylist() == [{"n": 7}]


def test_sql_opens_only_tables_that_the_statement_names(
    layers: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    dataset = layers.dataset
    monkeypatch.setattr(layers, "dataset", lambda table: [opened.append(table.name), dataset(table)][1])
    query(layers, "select count(*) from run, facts.user_scope_day")
    assert sorted(opened) == ["facts.user_scope_day", "ops.run"]


def test_sql_reads_only_the_files_of_the_days_that_a_condition_leaves(layers: Lake) -> None:
    for file in Path(layers.path(USER_SCOPE_DAY)).glob("event_date=2026-03-0[13]/*.parquet"):
        file.write_bytes(b"not Parquet")
    text = "select user_id from user_scope_day where event_date = '2026-03-02' order by 1"
    assert query(layers, text)["user_id"].to_pylist() == ["a", "b"]


def test_the_first_rows_by_day_are_read_without_those_of_later_days(
    layers: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[str, int]] = []
    real = select._select

    def counting(columns: str, rows: Dataset, *others: Any) -> pa.Table:
        read.append((columns, rows.count_rows()))
        return real(columns, rows, *others)

    monkeypatch.setattr(select, "_select", counting)
    rows = rows_of(layers, USER_SCOPE_DAY, "events = 1", 3)
    assert read == [('"event_date"', 6), ("*", 4)]
    assert rows.select(["event_date", "user_id"]).to_pylist() == [
        {"event_date": DAYS[0], "user_id": "a"},
        {"event_date": DAYS[0], "user_id": "b"},
        {"event_date": DAYS[1], "user_id": "a"},
    ]


@pytest.mark.parametrize(("condition", "limit", "count"), [(None, 0, 0), ("events = 2", 5, 0), (None, 99, 6)])
def test_a_limit_is_a_limit_and_no_more(layers: Lake, condition: str | None, limit: int, count: int) -> None:
    assert rows_of(layers, USER_SCOPE_DAY, condition, limit).num_rows == count


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "select * from order_daily",
            'Table with name order_daily does not exist! Did you mean "orders_daily"?',
        ),
        ("select * from clean.refund", 'Table with name refund does not exist! Did you mean "refunds"?'),
        (
            "select * from refund_lnes",
            'Table with name refund_lnes does not exist! Did you mean "refund_lines"?',
        ),
        (
            "select ordrs from orders_daily",
            'Referenced column "ordrs" not found in FROM clause! Candidate bindings: "orders"',
        ),
        ("select summ(orders) from orders_daily", 'Did you mean "sum"?'),
        ("select * from nothing_like_it", "Table with name nothing_like_it does not exist!"),
    ],
)
def test_a_mistyped_name_is_answered_with_the_one_that_is_meant(small: Lake, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=f"^sql: [A-Z].*{re.escape(message)}") as error:
        query(small, text)
    assert "\n" not in str(error.value) and "LINE 1" not in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "select * from refund_lines",
        "select count(*) from clean.refund_lines where amount > 3 and source is null",
        "select orders from orders_daily where orders not in (select position from refund_lines where file like 'a%')",
        "select * from orders_daily left join refund_lines on refund_date = order_date and date_part('day', refunded_at) = 1",
    ],
)
def test_a_table_that_is_not_written_yet_is_told_from_one_that_does_not_exist(small: Lake, text: str) -> None:
    with pytest.raises(ConfigError) as error:
        query(small, text)
    assert str(error.value) == (
        f"sql: clean.refund_lines: not written yet in {small.root}; `activelake run` makes it"
    )


def test_a_table_whose_name_is_put_together_is_never_taken_for_an_empty_one(layers: Lake) -> None:
    with pytest.raises(ConfigError, match=r"sql: ops\.run: write its name out in the statement"):
        query(layers, "select count(*) from query('select * from ru' || 'n')")


def test_every_table_is_listed_by_both_of_its_names(small: Lake) -> None:
    text = "select table_schema || '.' || table_name as name from information_schema.tables where table_schema <> 'temp'"
    listed = set(query(small, text)["name"].to_pylist())
    assert listed >= TABLES.keys() | {f"main.{bare}" for bare in BARE_NAMES}


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
        rows = rows_of(small, ORDERS_DAILY_REPORT, condition, None)
    except ConfigError as error:
        assert str(error).startswith("--where: ")
    else:
        assert condition in ("", "orders > 1 -- ")
        assert rows.num_rows == (3 if condition == "" else 2)
