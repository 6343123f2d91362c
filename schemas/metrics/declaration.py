"""The words of a metric: Count (an aggregate of one source) and Ratio (two counts, divided last)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from schemas.contract import Column, DeclarationError


@dataclass(frozen=True)
class Metric:
    """A number of a report row.

    Attributes:
        name: column name in the report.
        meaning: what the number says, in words.
        unit: unit of the number.
        source: frame that the expression aggregates; see the report's engine for its columns.
        expression: Spark SQL aggregate over the source's rows of one report key.
        type: Spark SQL type of the column.
        additive: values may be added over scopes and days.
        empty: SQL value where the source has no row for the key: 0 for counts, NULL where nothing is known.
        only: restricts the metric to one scope type; NULL in the others.
    """

    name: str
    meaning: str
    unit: str
    source: str
    expression: str
    type: str = "bigint"
    additive: bool = False
    empty: str = "0"
    only: str | None = None


@dataclass(frozen=True)
class Derived:
    """A number made from other metrics of the same row, last; NULL where its expression is undefined.

    Attributes:
        expression: Spark SQL over the names of other metrics of the row.
    """

    name: str
    meaning: str
    unit: str
    expression: str
    type: str = "double"
    additive: bool = False

    @property
    def source(self) -> str:
        """A derived metric reads the report's own row."""
        return "row"


AnyMetric = Metric | Derived


def chosen(metrics: Iterable[AnyMetric], names: str) -> tuple[AnyMetric, ...]:
    """Some of the metrics, in their own order.

    Raises:
        DeclarationError: a name is none of theirs.
    """
    wanted = set(names.split())
    selected = tuple(metric for metric in metrics if metric.name in wanted)
    missing = wanted - {metric.name for metric in selected}
    if missing:
        raise DeclarationError(f"no metrics named {', '.join(sorted(missing))}")
    return selected


def as_column(metric: AnyMetric, nullable: bool = False) -> Column:
    """The report column that holds a metric."""
    undefined = nullable or isinstance(metric, Derived) or metric.empty == "NULL" or metric.only is not None
    return Column(metric.name, metric.type, metric.meaning, metric.unit, nullable=undefined)


def definition_hash(metrics: Iterable[AnyMetric], conditions: dict[str, object]) -> str:
    """Identity of a table's definitions: its metrics and the qualifying lists, zone and lateness in `conditions`."""
    declared = [asdict(metric) for metric in metrics]
    names = [metric["name"] for metric in declared]
    if len(set(names)) != len(names):
        raise DeclarationError(f"a metric is declared twice: {names}")
    text = json.dumps({"metrics": declared, "context": conditions}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
