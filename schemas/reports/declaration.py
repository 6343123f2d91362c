"""The word of a report: its family, keys, metrics, the spine of its rows and the stamps that every metric row carries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas.columns import COLUMNS
from schemas.contract import DeclarationError, Table, pick
from schemas.metrics.declaration import AnyMetric, as_column
from schemas.reports.family import Family, Spine


@dataclass(frozen=True)
class Report(Table):
    """A table that readers see.

    Attributes:
        family: what it is built with.
        spine: which rows it must have.
        metrics: in the order of their columns; none for names, the calendar and freshness.
    """

    family: Family = field(kw_only=True)
    spine: Spine = Spine()
    metrics: tuple[AnyMetric, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.spine.day is not None and self.spine.day not in self.key:
            raise DeclarationError(f"{self.name}: the spine's day {self.spine.day} is not in the key")


def report(
    name: str,
    grain: str,
    key: str,
    metrics: Iterable[AnyMetric],
    family: Family,
    spine: Spine,
    *,
    extra: str = "",
    stamps: str = "is_left_censored is_complete definition_hash",
    owner: str = "data-platform",
) -> Report:
    """A report of metrics: key columns, `extra` columns, one column per metric, the stamps.

    A metric whose source may not be mapped may be NULL, although it is a count.
    """
    metrics = tuple(metrics)
    keys = tuple(key.split())
    return Report(
        name=f"reports.{name}",
        grain=grain,
        key=keys,
        columns=(
            *pick(COLUMNS, [*keys, *extra.split()]),
            *(as_column(metric, nullable=metric.source in family.source_kinds) for metric in metrics),
            *pick(COLUMNS, stamps),
        ),
        owner=owner,
        inputs=family.inputs,
        day=spine.day,
        metric_columns=tuple(metric.name for metric in metrics),
        family=family,
        spine=spine,
        metrics=metrics,
    )
