"""Over what the values of a metric may be added up, derived from the key of its table."""

from __future__ import annotations

from schemas.contract import Table
from schemas.metrics.declaration import AnyMetric, Metric

_TYPE_OF = {"scope_id": "scope_type", "group_id": "group_type"}
"""Each type holds all that happened, cut another way: codes may be added within one type, types never."""
_EXCLUSIVE = "active_days"
"""A user has one value of it in each scope and day, so that even numbers of different users may be added over it."""


def added_over(table: Table, metric: AnyMetric) -> tuple[str, ...]:
    """Parts of the key over which a sum of the metric is the metric of the whole.

    None for most metrics that are not additive, such as a number of different users.
    """
    if not metric.additive:
        return tuple(name for name in table.key if name == _EXCLUSIVE and isinstance(metric, Metric))
    of_one_scope = {"scope_id"} if isinstance(metric, Metric) and metric.only is not None else set()
    parts = [name for name in table.key if name not in of_one_scope | set(_TYPE_OF.values())]
    return tuple(f"{name} of one {_TYPE_OF[name]}" if name in _TYPE_OF else name for name in parts)
