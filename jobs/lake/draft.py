"""A lake on which one can try: what is written to it stays with Spark's executors until it is kept or forgotten."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.lake.arrow import to_arrow
from jobs.lake.spark_rows import contract_rows
from jobs.lake.tables import Lake, Rows
from schemas.contract import Table


class Draft(Lake):
    """Reads like the lake below it, with the days and rows in place that were written to the draft."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._days: dict[Table, tuple[DataFrame, date, date]] = {}
        self._rows: dict[Table, pa.Table] = {}
        self._added: dict[Table, DataFrame] = {}
        super().__init__(lake.root, lambda: lake.spark)

    def read(self, table: Table, version: int | None = None) -> DataFrame:
        """A table as it would be."""
        if table in self._rows:
            return self.spark.createDataFrame(self._rows[table])
        stored = super().read(table, version)
        if table in self._added:
            stored = stored.unionByName(self._added[table])
        if table not in self._days:
            return stored
        frame, date_from, date_to = self._days[table]
        return stored.where(~F.col(str(table.day)).between(date_from, date_to)).unionByName(frame)

    def read_rows(self, table: Table, version: int | None = None) -> pa.Table:
        """A small table as it would be."""
        return self._rows[table] if table in self._rows else super().read_rows(table, version)

    def append(self, table: Table, frame: DataFrame, *, is_together: bool = False) -> None:
        """Add rows; a later call takes the place of an earlier one."""
        self._added[table] = contract_rows(table, frame, is_together).localCheckpoint()

    def replace_days(self, table: Table, frame: DataFrame, date_from: date, date_to: date) -> None:
        """Put rows in the place of the days; a later call takes the place of an earlier one."""
        self._days[table] = (contract_rows(table, frame).localCheckpoint(), date_from, date_to)

    def replace_rows(self, table: Table, rows: Rows, days: tuple[date, date] | None) -> int:
        """Put rows in the place of all rows; the version stays as it is."""
        assert days is None, "drafts of small tables are whole"
        self._rows[table] = to_arrow(table, rows)
        return self.version(table) or 0

    def changes(self, table: Table) -> bool:
        """Whether the rows of the drafted days are other ones than those of the lake."""
        frame, date_from, date_to = self._days[table]
        now = super().read(table).where(F.col(str(table.day)).between(date_from, date_to))
        then = frame.select(now.columns)
        return not (now.exceptAll(then).isEmpty() and then.exceptAll(now).isEmpty())

    def write_to_lake(self) -> None:
        """Write to the lake what is other than there; rows of small tables may speak of those of large ones and come first."""
        for table, rows in self._rows.items():
            self._lake.replace_rows(table, rows, None)
        for table, frame in self._added.items():
            self._lake.append(table, frame)
        for table, (frame, date_from, date_to) in self._days.items():
            if self.changes(table):
                self._lake.replace_days(table, frame, date_from, date_to)
