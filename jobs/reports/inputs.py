"""What report families are built from: each frame is made once, when it is first asked for, and shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.arrival.report_window import ReportWindow
from schemas.catalog import FAMILIES, reports_of
from schemas.contract import DeclarationError, Table
from schemas.reports.declaration import Report
from schemas.reports.family import Family, Readable
from schemas.shared_frame import SharedFrame


class TableReader(Protocol):
    """Where tables are read: the lake, or a draft of it."""

    def read(self, table: Table) -> DataFrame:
        """A table as it lies there."""

    def read_rows(self, table: Table) -> pa.Table:
        """A small table as it lies there."""


@dataclass(frozen=True)
class Deployment:
    """What families are told of the deployment.

    Attributes:
        mapped_kinds: kinds of feeds that are mapped.
        special_days: names of days that stand out.
        history_start: first day of the spine.
        last_arrival: last day of the spine.
    """

    mapped_kinds: frozenset[str]
    special_days: Mapping[date, str]
    history_start: date
    last_arrival: date


class SharedInputs:
    """The frames of one computation, for all families.

    Args:
        windows: the dates and definitions of each report that is built and has days.
        frames: shared frames that were made before the reports.
    """

    def __init__(
        self,
        tables: TableReader,
        deployment: Deployment,
        windows: Mapping[str, ReportWindow],
        frames: Mapping[Readable, DataFrame],
    ) -> None:
        self.tables, self.deployment, self.windows = tables, deployment, windows
        self._frames = dict(frames)

    def frame(self, item: Readable) -> DataFrame:
        """A shared frame, a clean table, or the days of a fact table that the families need.

        Facts of users are cached: every family that reads them goes over them more than once.
        """
        if item not in self._frames:
            self._frames[item] = self._read(item)
        return self._frames[item]

    def _read(self, item: Readable) -> DataFrame:
        if isinstance(item, SharedFrame):
            raise DeclarationError(f"{item.name}: no computation makes this shared frame")
        rows = self.tables.read(item)
        if item.layer != "facts":
            return rows
        recent = rows.where(F.col(str(item.day)) >= F.lit(self._first_day_read()))
        return recent.persist(StorageLevel.MEMORY_AND_DISK) if item.partitioned else recent

    def _first_day_read(self) -> date:
        """First day of facts that any family which is built reads."""
        return min(
            self.windows[report.name].date_from - timedelta(days=family.look_back_days)
            for family in FAMILIES.values()
            for report in reports_of(family)
            if report.name in self.windows
        )

    def of(self, family: Family) -> FamilyInputs:
        """What a family may read."""
        return FamilyInputs(self, family)


class FamilyInputs:
    """What one family is built from; it is given what it declares that it reads, and no more."""

    def __init__(self, shared: SharedInputs, family: Family) -> None:
        self._shared, self._family = shared, family

    def frame(self, item: Readable) -> DataFrame:
        """Rows of a table or shared frame; of facts those of the days that the families need.

        Raises:
            DeclarationError: the family does not declare that it reads it.
        """
        self._require_declared(item)
        return self._shared.frame(item)

    def rows(self, table: Table) -> pa.Table:
        """All rows of a small table, without Spark.

        Raises:
            DeclarationError: the family does not declare that it reads it.
        """
        self._require_declared(table)
        return self._shared.tables.read_rows(table)

    def window(self, report: Report) -> ReportWindow:
        """The dates and definitions of a report."""
        return self._shared.windows[report.name]

    @property
    def deployment(self) -> Deployment:
        """What there is to know of the deployment."""
        return self._shared.deployment

    def _require_declared(self, item: Readable) -> None:
        if item not in self._family.reads:
            raise DeclarationError(
                f"schemas/reports/{self._family.name}.py does not say that it reads {item.name}"
            )
