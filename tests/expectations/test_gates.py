"""Every saved expectation fails when one cell is wrong, and a frame that is not there never passes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from expectations.suite import load_suite, stale_suites, suites
from jobs.check.audit import audit, failures
from jobs.check.coverage import Owed, gaps
from schemas.catalog import REPORTS, TABLES
from schemas.contract import Table

DAY = date(2026, 3, 1)
ROWS = 3
CASES = [(name, index) for name, rules in sorted(suites().items()) for index in range(len(rules))]


def _value(kind: str, row: int) -> Any:
    plain = {"string": "x", "boolean": True, "date": DAY, "double": 0.0, "int": 1, "bigint": 0}
    return plain.get(kind, Decimal(0) if kind.startswith("decimal") else None)


def good(table: Table) -> pd.DataFrame:
    """Three rows that keep every rule of the table: nothing happened on three days."""
    rows = []
    for number in range(ROWS):
        row = {c.name: c.allowed[0] if c.allowed else _value(c.type, number) for c in table.columns}
        kind = table.column(table.key[0])
        row[kind.name] = DAY + timedelta(days=number) if kind.type == "date" else f"{row[kind.name]}"
        if kind.type != "date":
            row[table.key[-1]] = f"x{number}"
        rows.append(row)
    return pd.DataFrame(rows, dtype=object)


def _frame(name: str) -> pd.DataFrame:
    if name in TABLES:
        return good(TABLES[name])
    return pd.DataFrame({"left": [5, 6], "right": [5, 6]})


def broken(frame: pd.DataFrame, expectation: dict[str, Any]) -> pd.DataFrame:
    """The frame with one cell (or one column's name) changed so that the expectation cannot hold."""
    kind, arguments, bad = expectation["type"], expectation["kwargs"], frame.copy()
    if kind == "expect_table_columns_to_match_ordered_list":
        return bad.rename(columns={arguments["column_list"][-1]: "something_else"})
    if kind == "expect_column_values_to_not_be_null":
        bad.loc[0, arguments["column"]] = None
    elif kind == "expect_column_values_to_be_in_set":
        bad.loc[0, arguments["column"]] = "bogus"
    elif kind == "expect_column_values_to_be_between":
        bad.loc[0, arguments["column"]] = -1
    elif kind == "expect_column_values_to_be_unique":
        bad.loc[0, arguments["column"]] = bad.loc[1, arguments["column"]]
    elif kind == "expect_compound_columns_to_be_unique":
        for column in arguments["column_list"]:
            if bad.loc[0, column] != bad.loc[1, column]:
                bad.loc[0, column] = bad.loc[1, column]
    else:
        bad.loc[0, arguments["column_A"]] = -1
    return bad


def _results(name: str, frame: pd.DataFrame) -> list[dict[str, Any]]:
    if name in TABLES:
        return audit({name: (TABLES[name], frame)}, {}, {name: Owed(None, {}, 0.99)}, "run")
    return audit({}, {name.removeprefix("identity."): frame}, {}, "run")


@pytest.mark.parametrize("name", sorted(suites()))
def test_a_good_frame_passes_every_expectation_on_all_its_rows(name: str) -> None:
    results = _results(name, _frame(name))
    assert failures(results, "critical") + failures(results, "warning") == []
    assert len(results) == len(load_suite(name)["expectations"]) + (1 if name in TABLES else 0)


@pytest.mark.parametrize(("name", "index"), CASES)
def test_one_changed_cell_makes_its_expectation_fail(name: str, index: int) -> None:
    expectation = load_suite(name)["expectations"][index]
    results = _results(name, broken(_frame(name), expectation))
    failed = {row["rule"] for row in results if not row["is_success"]}
    assert f"{expectation['meta']['meaning']}: {expectation['meta']['rule']}" in failed


def test_saved_suites_are_what_contracts_and_rules_say() -> None:
    assert stale_suites() == []


def test_an_expectation_that_cannot_be_evaluated_has_failed() -> None:
    frame = good(TABLES["reports.orders_daily"]).drop(columns=["net_cash", "gmv_paid"])
    results = _results("reports.orders_daily", frame)
    about = [row for row in results if "column=gmv_paid" in row["rule"]]
    assert about
    assert not any(row["is_success"] for row in about)


@pytest.mark.parametrize("table", REPORTS, ids=lambda table: table.name)
def test_an_empty_frame_never_passes(table: Table) -> None:
    assert gaps(table, good(table).iloc[:0], Owed(None, {}, 0.99)) == ["the frame has no rows"]


def test_an_all_null_column_never_passes() -> None:
    table = TABLES["reports.activity_daily"]
    frame = good(table)
    frame["dau"] = None
    assert gaps(table, frame, Owed(None, {}, 0.99)) == ["dau: only 0.0% of the rows are known"]


def test_a_missing_day_and_a_missing_scope_are_named() -> None:
    table = TABLES["reports.activity_daily"]
    frame = good(table)
    frame["scope_id"] = "all"
    days = (DAY, DAY + timedelta(days=2))
    assert gaps(table, frame, Owed(days, {("all", "all"): DAY}, 0.99)) == []
    assert gaps(table, frame.iloc[1:], Owed(days, {("all", "all"): DAY}, 0.99)) == [
        "1 days are missing, the first is 2026-03-01"
    ]
    assert gaps(table, frame, Owed(days, {("scene", "search"): DAY}, 0.99)) == [
        "scene search: 0 of 3 days are there"
    ]
