"""The word of a report: keys, metrics, the spine of its rows and the stamps that every metric row carries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from schemas.columns import COLUMNS
from schemas.contract import Table, pick
from schemas.metrics.declaration import AnyMetric, as_column

Spine = Literal["scope_day", "scope_type_day", "active_days", "event_type", "cohort", "order_day"]
"""Which rows a report owes: a row per day and scope; per day and scope type; per day, scope and number of active days;
per day, scope and event type that the scope had on the day (no row is owed, the table is sparse);
per cohort date, scope, kind and window; per order date. Reports of the first two are built from their declaration alone."""


@dataclass(frozen=True)
class Report(Table):
    """A table of metrics.

    Attributes:
        metrics: in the order of their columns.
        spine: which rows it owes.
    """

    metrics: tuple[AnyMetric, ...] = ()
    spine: Spine = "scope_day"


def report(
    name: str,
    grain: str,
    key: str,
    metrics: Iterable[AnyMetric],
    inputs: tuple[str, ...],
    *,
    spine: Spine,
    extra: str = "",
    stamps: str = "is_left_censored is_complete definition_hash",
    optional: tuple[str, ...] = (),
    owner: str = "data-platform",
) -> Report:
    """A report table: key columns, `extra` columns, one column per metric, the stamps.

    Args:
        optional: metrics that may be NULL although they are counts, because their source may not be mapped.
    """
    metrics = tuple(metrics)
    keys = tuple(key.split())
    return Report(
        name=f"reports.{name}",
        grain=grain,
        key=keys,
        columns=(
            *pick(COLUMNS, [*keys, *extra.split()]),
            *(as_column(metric, nullable=metric.name in optional) for metric in metrics),
            *pick(COLUMNS, stamps),
        ),
        owner=owner,
        inputs=inputs,
        day=keys[0],
        metric_columns=tuple(metric.name for metric in metrics),
        metrics=metrics,
        spine=spine,
        is_sparse=spine == "event_type",
    )
