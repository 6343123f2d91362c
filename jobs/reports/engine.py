"""The one place where declared metrics are executed: aggregate each source once, join the spine, divide last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.arrival.report_window import ReportWindow
from jobs.calendar.dates import dates
from jobs.spark.local_relation import frame_of
from schemas.contract import Table
from schemas.metrics.activity import LONGEST_WINDOW
from schemas.metrics.declaration import AnyMetric, Derived, Metric

CENSORED_DAYS = LONGEST_WINDOW - 1
"""From history_start plus this many days on, every window of a row is whole."""


def measure(
    spine: DataFrame,
    sources: Mapping[str, tuple[DataFrame, Sequence[str]]],
    metrics: Sequence[AnyMetric],
    unmapped: frozenset[str] = frozenset(),
) -> DataFrame:
    """The spine with a column per metric.

    Args:
        spine: every key that must have a row, with the stamps that derived metrics read.
        sources: source name → its rows and the spine's columns by which they are grouped.
        unmapped: sources that the deployment does not have; their metrics are NULL.
    """
    frame = spine
    counts = [metric for metric in metrics if isinstance(metric, Metric)]
    for name in dict.fromkeys(metric.source for metric in counts):
        of_source = [metric for metric in counts if metric.source == name]
        if name in unmapped:
            frame = frame.withColumns({m.name: F.lit(None).cast(m.type) for m in of_source})
            continue
        rows, keys = sources[name]
        sums = rows.groupBy(*keys).agg(*(F.expr(m.expression).cast(m.type).alias(m.name) for m in of_source))
        frame = frame.join(sums, list(keys), "left").withColumns({m.name: _filled(m) for m in of_source})
    derived = [metric for metric in metrics if isinstance(metric, Derived)]
    return (
        frame.withColumns({m.name: F.expr(m.expression).cast(m.type) for m in derived}) if derived else frame
    )


def _filled(metric: Metric) -> Column:
    value = F.coalesce(F.col(metric.name), F.expr(metric.empty).cast(metric.type))
    return value if metric.only is None else F.when(F.col("scope_type") == metric.only, value)


def days(frame: DataFrame, name: str, date_from: date, date_to: date) -> DataFrame:
    """One row per day of the range, in the session of another frame."""
    rows = [(day,) for day in dates(date_from, date_to)]
    return frame_of(frame.sparkSession, rows, f"{name} date")


def is_left_censored(day: Column, window: ReportWindow) -> Column:
    """Less than a full window of history lies before the day."""
    return day < F.lit(window.history_start + timedelta(days=CENSORED_DAYS))


def conform(frame: DataFrame, table: Table) -> DataFrame:
    """Exactly the contract's columns, in its order and types."""
    return frame.select(*(F.col(c.name).cast(c.type).alias(c.name) for c in table.columns))
