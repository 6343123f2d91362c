"""What a nature is made of: how its records are judged, and how accepted ones are written."""

from __future__ import annotations

from typing import Protocol

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.clean.batch import Batch


class Judging(Protocol):
    """One module of this package.

    Attributes:
        KEPT: outcomes of records that change its clean tables.
    """

    KEPT: frozenset[str]

    def judge(self, batch: Batch, records: DataFrame, /) -> DataFrame:
        """Give every typed record that is still open its outcome and reason."""

    def write(self, batch: Batch, judged: DataFrame, /) -> None:
        """Bring the records that are kept to the clean tables of their grain."""


def is_too_late(lateness: int) -> Column:
    """The record arrived more than the allowed days after its business day; false where it has no lateness."""
    return F.col("days_late").isNotNull() & (F.col("days_late") > lateness)
