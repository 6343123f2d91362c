"""A real lake of the first format is brought up, and every number in it stays."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from deltalake import DeltaTable

from conf.errors import ContractError
from conf.settings import load
from jobs.cli.main import app
from jobs.lake.format import CURRENT, format_of
from jobs.lake.tables import Lake
from jobs.lake.upkeep import conform
from jobs.publish.digest import table_digest
from jobs.upkeep.migrations import migrate, stored_tables
from schemas.catalog import REPORTS, TABLES
from schemas.clean.orders import ORDER_STATES, ORDERS
from schemas.clean.refunds import REFUND_LINES, REFUNDS
from schemas.contract import Column, Table
from schemas.facts.user_listed_day import USER_LISTED_DAY
from schemas.facts.user_scope_day import USER_SCOPE_DAY
from schemas.ops.tables import INGESTED_FILE, LAKE_FORMAT
from tests.lakes import unpack_old_lake

SETTINGS = load()


@pytest.fixture
def old(tmp_path: Path) -> Lake:
    return Lake(unpack_old_lake(tmp_path), any_format=True)


def recorded_digests(lake: Lake) -> dict[str, str]:
    rows = lake.read_rows(TABLES["ops.publication"]).to_pylist()
    return {row["table_name"]: row["digest"] for row in rows}


def test_an_old_lake_is_brought_up_and_opens_with_every_published_number_as_it_was(old: Lake) -> None:
    assert format_of(old) == 0
    assert [step.format_version for step in migrate(old, SETTINGS)] == list(range(1, CURRENT + 1))
    lake = Lake(old.root)
    assert format_of(lake) == CURRENT
    tables = [table for table in REPORTS if table.name in recorded_digests(lake)]
    assert {table.name: table_digest(lake, table) for table in tables} == recorded_digests(lake)
    assert len(tables) == 7


def test_every_table_of_a_migrated_lake_has_the_columns_and_comments_of_its_contract(old: Lake) -> None:
    list(migrate(old, SETTINGS))
    tables = stored_tables(old, SETTINGS)
    assert len(tables) >= 20
    for table in tables:
        fields = {field.name: field for field in DeltaTable(old.path(table)).schema().fields}
        assert {name: fields[name].metadata.get("comment") for name in table.names} == {
            column.name: column.meaning for column in table.columns
        }


def test_raw_tables_of_inputs_that_are_no_longer_mapped_are_not_forgotten(old: Lake) -> None:
    unmapped = SETTINGS.model_copy(update={"sources": {}})
    raw = [table.name for table in stored_tables(old, unmapped) if table.layer == "raw"]
    assert raw == ["raw.demo_app_log", "raw.demo_order_log", "raw.demo_refund_log", "raw.demo_user_snapshot",
                   "raw.demo_web_log"]  # fmt: skip


def test_a_stopped_migration_is_repeated_from_where_it_was(old: Lake) -> None:
    assert next(migrate(old, SETTINGS)).format_version == 1
    assert [step.format_version for step in migrate(old, SETTINGS)] == list(range(2, CURRENT + 1))


def test_an_order_of_before_has_the_state_that_held_as_its_first(old: Lake) -> None:
    list(migrate(old, SETTINGS))
    orders, states = (old.read_rows(table).to_pylist() for table in (ORDERS, ORDER_STATES))
    ledger = {row["file"]: row["landing_date"] for row in old.read_rows(INGESTED_FILE).to_pylist()}
    shared = [name for name in ORDERS.names if name != "order_id"]
    of_state = {row["order_id"]: row for row in states}
    assert len(states) == len(orders) > 0
    for order in orders:
        state = of_state[order["order_id"]]
        assert {name: state[name] for name in shared} == {name: order[name] for name in shared}
        assert (state["landing_date"], state["is_void"]) == (ledger[order["file"]], False)


def test_a_refund_of_lines_keeps_what_it_had_come_to_as_one_line(old: Lake) -> None:
    day = date(2026, 3, 1)
    row = {
        "refund_id": "r1", "order_id": None, "user_id": "u1", "amount": Decimal("7.00"), "refund_date": day,
        "refunded_at": datetime(2026, 3, 1, 10, tzinfo=UTC), "arrival_date": day, "source": "demo.refunds",
        "file": "r.csv", "position": 3,
    }  # fmt: skip
    old.append_rows(REFUNDS, [row, row | {"refund_id": "r2", "source": "till.refunds"}])
    demo = SETTINGS.sources["demo"]
    of_lines = demo.feeds["refunds"].model_copy(update={"grain": "line"})
    mapping = demo.model_copy(update={"feeds": demo.feeds | {"refunds": of_lines}})
    list(migrate(old, SETTINGS.model_copy(update={"sources": {"demo": mapping}})))
    assert old.read_rows(REFUND_LINES).to_pylist() == [row | {"line_id": "r.csv:3"}]


def a_table(*columns: Column) -> Table:
    return Table("ops.example", "One row per example.", ("a",), columns, "team")


def test_a_column_that_a_contract_has_gained_is_null_in_old_rows(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    a = Column("a", "int", "The first of two columns.")
    lake.append_rows(a_table(a), [{"a": 1}])
    wider = a_table(a, Column("b", "string", "The second of two columns.", nullable=True))
    assert conform(lake, wider) == ["b"]
    lake.append_rows(wider, [{"a": 2, "b": "x"}])
    assert sorted(lake.read_rows(wider).to_pylist(), key=lambda row: row["a"]) == [
        {"a": 1, "b": None},
        {"a": 2, "b": "x"},
    ]
    assert conform(lake, wider) == []


def test_a_comment_follows_its_contract(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    lake.append_rows(a_table(Column("a", "int", "What it said before.")), [{"a": 1}])
    said = a_table(Column("a", "int", "What it says now."))
    conform(lake, said)
    comment = pa.schema(DeltaTable(lake.path(said)).schema()).field("a").metadata[b"comment"]
    assert comment == b"What it says now."


def test_a_column_that_is_never_null_needs_a_step_of_its_own(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    a = Column("a", "int", "The first of two columns.")
    lake.append_rows(a_table(a), [{"a": 1}])
    with pytest.raises(ContractError, match="ops.example.b: is never NULL"):
        conform(lake, a_table(a, Column("b", "string", "The second of two columns.")))


def test_the_command_says_what_it_did(
    old: Lake, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app(["--lake", old.root, "migrate"], standalone_mode=False)
    assert capsys.readouterr().out.startswith("format 1: the lake carries its version")
    app(["--lake", old.root, "migrate"], standalone_mode=False)
    assert capsys.readouterr().out == "nothing to do: the lake has the current format\n"


def test_a_migration_that_was_stopped_while_it_moved_rows_loses_and_repeats_none(old: Lake) -> None:
    list(migrate(old, SETTINGS))
    user_days, moved = (table_digest(old, table) for table in (USER_SCOPE_DAY, USER_LISTED_DAY))
    formats = old.read_rows(LAKE_FORMAT)
    old.replace_rows(LAKE_FORMAT, formats.filter(pc.less(formats["format_version"], CURRENT)), None)
    assert [step.format_version for step in migrate(old, SETTINGS)] == [CURRENT]
    assert (table_digest(old, USER_SCOPE_DAY), table_digest(old, USER_LISTED_DAY)) == (user_days, moved)


def test_who_was_active_in_any_listed_member_moves_to_a_table_of_its_own(old: Lake) -> None:
    user_days = old.read_rows(USER_SCOPE_DAY).to_pylist()
    listed = [row for row in user_days if row["scope_id"] == "__listed__"]
    names = USER_LISTED_DAY.names
    list(migrate(old, SETTINGS))
    assert old.read_rows(USER_SCOPE_DAY).num_rows == len(user_days) - len(listed) > 0
    moved = sorted(tuple(row.values()) for row in old.read_rows(USER_LISTED_DAY).select(names).to_pylist())
    assert moved == sorted(tuple(row[name] for name in names) for row in listed) != []
