"""The rows of published tables that the page holds, column by column and in the order of the tables' keys.

A column is a list of values. Where values repeat it is `{"of": distinct values, "at": index into them for each row}`,
which keeps the page small.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from conf.errors import ConfigError
from jobs.lake.tables import Lake
from schemas.contract import Table
from schemas.ops.tables import INGEST_BALANCE, METRIC_DEFINITION, PUBLICATION, QUALITY_RESULT, RUN
from schemas.reports.activity import ACTIVITY_DAILY, ENGAGEMENT_REPORT, OVERVIEW_REPORT
from schemas.reports.dimensions import DIM_SCOPE
from schemas.reports.freshness import FRESHNESS
from schemas.reports.orders import ORDERS_DAILY_REPORT
from schemas.reports.retention import RETENTION_REPORT

ACTIVITY_DAYS = 400
COHORT_DAYS = 90
ARRIVAL_DAYS = 90
_REPORTS = {
    "activity": (ACTIVITY_DAILY, ACTIVITY_DAYS),
    "engagement": (ENGAGEMENT_REPORT, ACTIVITY_DAYS),
    "overview": (OVERVIEW_REPORT, ACTIVITY_DAYS),
    "retention": (RETENTION_REPORT, COHORT_DAYS),
    "orders": (ORDERS_DAILY_REPORT, ACTIVITY_DAYS),
}
_GATE = ("table_name", "rule", "severity", "is_success", "element_count", "unexpected_count", "run_id")
_FLOW = ("source", "arrival_date", "outcome", "reason")
_DEFINITION = ("table_name", "metric", "meaning", "unit", "expression", "is_additive")
_UNSHOWN = ("group_type", "group_id", "definition_hash", "day_from", "day_to")
PackedTable = dict[str, Any]


def pack(names: Iterable[str], rows: pa.Table | list[Mapping[str, Any]]) -> PackedTable:
    """Column name → values of the rows, in types that JSON has."""
    columns = rows.to_pydict() if isinstance(rows, pa.Table) else {n: [row[n] for row in rows] for n in names}
    return {name: _column([_plain(value) for value in columns[name]]) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, dt.date) else value


def _column(values: list[Any]) -> Any:
    index = {value: position for position, value in enumerate(dict.fromkeys(values))}
    if 2 * len(index) > len(values):
        return values
    return {"of": list(index), "at": [index[value] for value in values]}


def _uncut(rows: pa.Table) -> pa.Table:
    return rows.filter(pc.equal(rows["group_type"], "all")) if "group_type" in rows.column_names else rows


def _since(rows: pa.Table, day: str, days: int) -> pa.Table:
    """The rows of the last days of a table, counted back from its newest day."""
    last = pc.max(rows[day]).as_py()
    if last is None:
        return rows
    return rows.filter(pc.greater(rows[day], pa.scalar(last - dt.timedelta(days=days), pa.date32())))


def _report(lake: Lake, table: Table, days: int) -> pa.Table:
    assert table.day is not None
    rows = _since(_uncut(lake.read_rows(table)), table.day, days)
    return rows.sort_by([(name, "ascending") for name in table.key])


def _shown(table: Table) -> list[str]:
    return [name for name in table.names if name not in _UNSHOWN]


def _last_closed(rows: pa.Table) -> dt.date | None:
    """Newest day with complete rows; the newest day of all where no row is complete yet."""
    closed = pc.max(rows.filter(rows["is_complete"])["activity_date"]).as_py()
    last_day: dt.date | None = closed or pc.max(rows["activity_date"]).as_py()
    return last_day


def _last_audit(lake: Lake) -> list[dict[str, Any]]:
    """Results of the newest audit, failed ones first, whether or not a publication followed it."""
    checks = [row for row in lake.read_rows(RUN).to_pylist() if row["command"] == "check"]
    if not checks:
        return []
    run_id = max(checks, key=lambda row: row["started_at"])["run_id"]
    results = lake.read_rows(QUALITY_RESULT)
    audit_results = results.filter(pc.equal(results["run_id"], run_id)).to_pylist()
    return sorted(audit_results, key=lambda row: (row["is_success"], row["table_name"], row["rule"]))


def _balance(lake: Lake) -> list[dict[str, Any]]:
    """Records per source, arrival date, outcome and reason, over all files."""
    rows = _since(lake.read_rows(INGEST_BALANCE), "arrival_date", ARRIVAL_DAYS)
    summed = rows.group_by(list(_FLOW)).aggregate([("records", "sum")]).rename_columns([*_FLOW, "records"])
    return list(summed.sort_by([(name, "ascending") for name in _FLOW]).to_pylist())


def _definitions(lake: Lake, reports: Mapping[str, pa.Table]) -> list[dict[str, Any]]:
    """The metric definitions by which the newest row of each report was computed."""
    newest = {name: rows["definition_hash"][-1].as_py() for name, rows in reports.items() if rows.num_rows}
    rows = lake.read_rows(METRIC_DEFINITION).to_pylist()
    order = {name: position for position, name in enumerate(newest)}
    definitions = [row for row in rows if row["definition_hash"] == newest.get(row["table_name"])]
    return sorted(definitions, key=lambda row: order[row["table_name"]])


def _freshness(lake: Lake) -> list[dict[str, Any]]:
    """Freshness of each table with the instant of its newest publication."""
    newest: dict[str, dt.datetime] = {}
    for row in sorted(lake.read_rows(PUBLICATION).to_pylist(), key=lambda row: row["published_at"]):
        newest[row["table_name"]] = row["published_at"]
    rows = lake.read_rows(FRESHNESS).sort_by("table_name").to_pylist()
    return [row | {"published_at": newest.get(row["table_name"])} for row in rows]


def packed_tables(lake: Lake) -> dict[str, PackedTable]:
    """Everything that the page shows: name → packed table; a report that the deployment does not build has no rows.

    Raises:
        ConfigError: nothing was published yet.
    """
    reports = {table.name: _report(lake, table, days) for table, days in _REPORTS.values()}
    activity = reports[ACTIVITY_DAILY.name]
    if not activity.num_rows:
        raise ConfigError(
            f"{ACTIVITY_DAILY.name}: nothing is published in {lake.root}; `activelake run` does it"
        )
    histogram = reports[ENGAGEMENT_REPORT.name]
    day = pa.scalar(_last_closed(activity), pa.date32())
    shown = reports | {ENGAGEMENT_REPORT.name: histogram.filter(pc.equal(histogram["activity_date"], day))}
    return {name: pack(_shown(table), shown[table.name]) for name, (table, _) in _REPORTS.items()} | {
        "scopes": pack(DIM_SCOPE.names, lake.read_rows(DIM_SCOPE)),
        "freshness": pack((*FRESHNESS.names, "published_at"), _freshness(lake)),
        "gates": pack(_GATE, _last_audit(lake)),
        "balance": pack((*_FLOW, "records"), _balance(lake)),
        "definitions": pack(_DEFINITION, _definitions(lake, reports)),
    }
