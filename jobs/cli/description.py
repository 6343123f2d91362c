"""What a table's declaration says of it, as data, and a query to start from."""

from __future__ import annotations

from typing import Any

from jobs.cli.names import RAW, table_named
from schemas.catalog import METRICS
from schemas.clean.refused import LATE_EVENT, QUARANTINE
from schemas.contract import Column, Table
from schemas.metrics.additivity import added_over
from schemas.metrics.declaration import AnyMetric, Metric
from schemas.raw.records import raw_table
from schemas.reasons import REASONS

_OUTCOME = {QUARANTINE.name: "quarantined", LATE_EVENT.name: "late"}
"""Tables whose reasons are those of one outcome."""
_METRICS_SHOWN, _COLUMNS_SHOWN, _ROWS_SHOWN = 4, 6, 10
Description = dict[str, Any]


def described(name: str) -> Description:
    """Everything that is declared of a table, or of the form of every raw table.

    Raises:
        ConfigError: there is no such table.
    """
    layer, _, bare = name.partition(".")
    is_raw = layer == RAW
    table = raw_table(bare or "<mapping>.<input>") if is_raw else table_named(name)
    return {
        "table": table.name,
        "grain": table.grain,
        "key": list(table.key),
        "day": table.day,
        "inputs": list(table.inputs),
        "owner": table.owner,
        "columns": [_column(table, column) for column in table.columns],
        "reasons": _reasons(table),
        "example": None if is_raw else example(table),
    }


def _column(table: Table, column: Column) -> Description:
    metric = _metric(table, column.name)
    is_of_report = table.name in METRICS and metric is not None
    return {
        "column": column.name,
        "type": column.type,
        "unit": column.unit,
        "is_nullable": column.nullable,
        "is_personal": column.personal,
        "is_key": column.name in table.key,
        "allowed": list(column.allowed),
        "meaning": column.meaning,
        "added_over": None if metric is None else list(added_over(table, metric)),
        "source": metric.source if is_of_report and metric else None,
        "expression": metric.expression if is_of_report and metric else None,
    }


def _metric(table: Table, name: str) -> AnyMetric | None:
    """The metric that a column holds; a fact holds what reports add up, under the same name."""
    if name not in table.metric_columns:
        return None
    metrics = METRICS.get(table.name) or [metric for report in METRICS.values() for metric in report]
    return next(metric for metric in metrics if metric.name == name)


def _reasons(table: Table) -> list[Description]:
    if "reason" not in table.names:
        return []
    outcomes = [_OUTCOME[table.name]] if table.name in _OUTCOME else list(REASONS)
    return [
        {"outcome": outcome, "reason": reason, "meaning": meaning}
        for outcome in outcomes
        for reason, meaning in REASONS[outcome].items()
    ]


def example(table: Table) -> str:
    """A query that shows what the table is for and no personal value: the newest figures of a report that will not
    move any more, the rows of each day, or the first rows.
    """
    if "is_complete" in table.names:
        shown = [m.name for m in METRICS[table.name] if not (isinstance(m, Metric) and m.only)]
        columns = ", ".join((*table.key, *shown[:_METRICS_SHOWN]))
        order = ", ".join((f"{table.key[0]} desc", *table.key[1:]))
        return f"select {columns} from {table.name} where is_complete order by {order} limit {_ROWS_SHOWN}"
    if table.day is not None:
        counted = f"select {table.day}, count(*) as row_count from {table.name}"
        return f"{counted} group by {table.day} order by {table.day} desc limit {_ROWS_SHOWN}"
    if any(table.column(name).personal for name in table.key):
        return f"select count(*) as row_count from {table.name}"
    others = [c.name for c in table.columns if not c.personal and c.name not in table.key]
    columns = ", ".join([*table.key, *others][:_COLUMNS_SHOWN])
    return f"select {columns} from {table.name} order by {', '.join(table.key)} limit {_ROWS_SHOWN}"
