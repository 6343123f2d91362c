"""Cells of a staged lake changed so that given expectations cannot hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa

from jobs.lake.tables import Lake
from jobs.publish.digest import canonical_digest
from jobs.publish.stage import put, staged
from schemas.catalog import CLEAN, FACTS, REPORTS, TABLES
from schemas.ops.tables import INGEST_BALANCE, PROFILE
from tests.jobs.check.staged_shop import FIRST

Row = dict[str, Any]
Change = Callable[[list[Row]], None]
ACTIVITY, RETENTION, ORDERS = "reports.activity_daily", "reports.retention", "reports.orders_daily"
# Identity → the one cell that breaks it: table, the row (the first for which these values hold), column, new value.
CELLS: dict[str, tuple[str, Row, str, Callable[[Any], Any]]] = {
    "accepted": (INGEST_BALANCE.name, {"outcome": "accepted"}, "records", lambda n: n + 1),
    "events": (ACTIVITY, {"scope_type": "all"}, "exposures", lambda n: n + 1),
    "segments": (ACTIVITY, {"scope_id": "search"}, "light", lambda n: n + 1),
    "event_types": ("reports.events_daily", {"scope_id": "search"}, "events", lambda n: n + 1),
    "engagement": ("reports.engagement", {"active_days": 28}, "users", lambda n: n + 1),
    "user_days": (ACTIVITY, {"scope_id": "search"}, "user_days_28", lambda n: n + 1),
    "cohorts": (RETENTION, {"scope_id": "search", "retention_window": "W4"}, "cohort_size", lambda n: n + 1),
    "scopes_below_all": (ACTIVITY, {"scope_id": "search"}, "wau", lambda n: 99),
    "scopes_cover_all": (ACTIVITY, {"scope_type": "tool", "scope_id": "unassigned"}, "mau28", lambda n: 0),
    "overview": ("reports.overview", {"scope_type": "all"}, "events", lambda n: n + 1),
    "unbounded": (RETENTION, {"scope_id": "search", "retention_window": "D1"}, "retained_so_far", lambda n: 99),
    "closed_windows": (RETENTION, {"is_complete": False}, "retained", lambda n: 0),
    "cash": (ORDERS, {}, "net_cash", lambda n: n + 1),
    "orders": (ORDERS, {}, "gmv_paid", lambda n: n + 1),
    "refunds": (ORDERS, {}, "refunds", lambda n: n + 1),
    "registrations": (ORDERS, {"new_registered": 1}, "registered_users", lambda n: n + 1),
    "lines": (PROFILE.name, {"table_name": "clean.order_lines", "column_name": "amount", "profile_date": FIRST},
              "sum_value", lambda n: n + 1),
}  # fmt: skip


def break_staged(lake: Lake, changes: Mapping[str, Change]) -> None:
    """Change staged rows of reports before their digests are taken."""
    items = []
    for item in staged(lake):
        if item.table.name in changes:
            rows = item.rows.to_pylist()
            changes[item.table.name](rows)
            table = pa.Table.from_pylist(rows, schema=item.rows.schema)
            item = replace(item, rows=table, digest=canonical_digest(item.table, table))
        items.append(item)
    put(lake, items)


def break_rows(lake: Lake, name: str, change: Change) -> None:
    rows = lake.read_rows(TABLES[name]).to_pylist()
    change(rows)
    lake.replace_rows(TABLES[name], rows, None)


def _row(rows: list[Row], where: Row) -> Row:
    return next(row for row in rows if all(row[name] == value for name, value in where.items()))


def break_cells(lake: Lake, expectations: Mapping[str, Row]) -> None:
    """Change, for each suite, the one cell that its expectation is about."""
    changes = [_change(suite, item) for suite, item in expectations.items()]
    reports = {table.name for table in REPORTS}
    break_staged(lake, {name: change for name, change in changes if name in reports})
    for name, change in changes:
        if name not in reports:
            break_rows(lake, name, change)


def _change(suite: str, item: Row) -> tuple[str, Change]:
    """The table to change, and how."""
    if suite.startswith("identity."):
        name, where, column, value = CELLS[suite.removeprefix("identity.")]

        def identity(rows: list[Row]) -> None:
            row = _row(rows, where)
            row[column] = value(row[column])

        return name, identity
    if TABLES[suite] in (*CLEAN, *FACTS):
        return PROFILE.name, lambda rows: _break_profile(rows, suite, item["kwargs"])
    return suite, lambda rows: _break_report(rows, item["type"], item["kwargs"])


def _break_profile(rows: list[Row], table_name: str, arguments: Row) -> None:
    column, _, figure = arguments["column"].rpartition(".")
    where = {"table_name": table_name, **({"column_name": column} if column else {})}
    row = _row(rows, where)
    row[figure] = (row[figure] or 0) + 1


def _break_report(rows: list[Row], kind: str, arguments: Row) -> None:
    if kind == "expect_column_values_to_not_be_null":
        rows[0][arguments["column"]] = None
    elif kind == "expect_column_values_to_be_in_set":
        rows[0][arguments["column"]] = "bogus"
    elif kind == "expect_column_values_to_be_between":
        rows[0][arguments["column"]] = -1
    elif kind == "expect_column_values_to_be_unique":
        rows[0][arguments["column"]] = rows[1][arguments["column"]]
    elif kind == "expect_compound_columns_to_be_unique":
        rows[0] |= {column: rows[1][column] for column in arguments["column_list"]}
    elif kind == "expect_column_pair_values_to_be_equal":
        row = next(row for row in rows if row[arguments["column_A"]] is not None)
        row[arguments["column_A"]] += 1
    elif kind == "expect_column_pair_values_a_to_be_greater_than_b":
        rows[0][arguments["column_A"]] = -1
    else:
        raise AssertionError(f"{kind}: say here how one cell breaks it")
