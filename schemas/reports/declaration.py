"""The word of a report: keys, metrics and the stamps that every metric row carries."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.columns import COLUMNS
from schemas.contract import Table, pick
from schemas.metrics.declaration import AnyMetric, as_column


def report(
    name: str,
    grain: str,
    key: str,
    metrics: Iterable[AnyMetric],
    inputs: tuple[str, ...],
    *,
    extra: str = "",
    stamps: str = "is_left_censored is_complete definition_hash",
    optional: tuple[str, ...] = (),
    owner: str = "data-platform",
) -> Table:
    """A report table: key columns, `extra` columns, one column per metric, the stamps.

    Args:
        optional: metrics that may be NULL although they are counts, because their source may not be mapped.
    """
    metrics = tuple(metrics)
    keys = tuple(key.split())
    return Table(
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
    )
