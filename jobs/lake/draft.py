"""A draft of a lake: what is written to it stays in Spark until it is written to the lake or dropped."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.calendar.dates import DateRange
from jobs.lake.arrow import to_arrow
from jobs.lake.spark_rows import contract_rows
from jobs.lake.tables import Lake, Rows
from schemas.contract import Table


class Draft(Lake):
    """A lake that reads like the one below it, except that rows written to the draft replace or extend the stored ones."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._days: dict[Table, tuple[DataFrame, date, date]] = {}
        self._rows: dict[Table, pa.Table] = {}
        self._added: dict[Table, DataFrame] = {}
        super().__init__(lake.root, lambda: lake.spark)

    def read(self, table: Table, version: int | None = None) -> DataFrame:
        """A table as it would be once the draft is written to the lake."""
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
        """A small table as it would be once the draft is written to the lake."""
        return self._rows[table] if table in self._rows else super().read_rows(table, version)

    def append(self, table: Table, frame: DataFrame, *, is_together: bool = False) -> None:
        """Draft rows to be added; a later call for the same table replaces an earlier one."""
        self._added[table] = contract_rows(table, frame, is_together).localCheckpoint()

    def replace_days(self, table: Table, frame: DataFrame, date_from: date, date_to: date) -> None:
        """Draft rows that replace a range of days; a later call for the same table replaces an earlier one."""
        self._days[table] = (contract_rows(table, frame).localCheckpoint(), date_from, date_to)

    def replace_rows(self, table: Table, rows: Rows, days: DateRange | None) -> int:
        """Draft rows that replace a whole small table; returns the version of the table in the lake."""
        assert days is None, "drafts of small tables are whole"
        self._rows[table] = to_arrow(table, rows)
        return self.version(table) or 0

    def changes(self, table: Table) -> bool:
        """Whether the drafted days of a table differ from the same days in the lake."""
        frame, date_from, date_to = self._days[table]
        now = super().read(table).where(F.col(str(table.day)).between(date_from, date_to))
        then = frame.select(now.columns)
        return not (now.exceptAll(then).isEmpty() and then.exceptAll(now).isEmpty())

    def write_to_lake(self) -> None:
        """Write to the lake what differs from it; small tables first, because their rows announce those of large ones."""
        for table, rows in self._rows.items():
            self._lake.replace_rows(table, rows, None)
        for table, frame in self._added.items():
            self._lake.append(table, frame)
        for table, (frame, date_from, date_to) in self._days.items():
            if self.changes(table):
                self._lake.replace_days(table, frame, date_from, date_to)
