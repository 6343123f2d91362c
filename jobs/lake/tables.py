"""The only module that reads and writes the tables of a lake.

Spark reads and writes the rows of large tables; those of small tables (reports, ops) go through Arrow. In both cases
deltalake lists the files of a version and commits new ones, in milliseconds and without a JVM, also on HDFS. Only where
deltalake cannot open the lake's URI does Spark do everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable
from deltalake.exceptions import TableNotFoundError
from pyarrow.dataset import Dataset

from jobs.calendar.dates import DateRange
from jobs.lake.arrow import arrow_schema, to_arrow
from jobs.lake.commit_actions import commit_actions
from jobs.lake.commits import Mode, commit_rows, conflict_on_concurrent_commit, partition_filters
from jobs.lake.connection import LakeConnection
from jobs.lake.create import create, create_through_spark, struct
from jobs.lake.format import format_of, is_new, stamp
from jobs.lake.hadoop import newest_version, remove_folder
from jobs.lake.lock import guard
from jobs.lake.spark_rows import contract_rows, save_through_delta
from schemas.contract import Table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Rows: TypeAlias = pa.Table | Sequence[Mapping[str, Any]]


class Lake(LakeConnection):
    """The tables below one root folder or URI: `<root>/<layer>/<table>`.

    Raises:
        ConfigError: the lake is of another format, and `any_format` does not let it pass.
    """

    def __init__(
        self,
        root: str,
        spark: SparkSession | Callable[[], SparkSession] | None = None,
        *,
        any_format: bool = False,
    ) -> None:
        super().__init__(root, spark)
        self._written: set[str] = set()
        can_look = spark is not None or not self.is_hadoop_only
        self._is_new = can_look and not any_format and is_new(self)

    def exists(self, table: Table) -> bool:
        """True once the table has been written. A positive answer is remembered, because tables are never dropped."""
        if table.name not in self._written and self.version(table) is not None:
            self._written.add(table.name)
        return table.name in self._written

    def version(self, table: Table) -> int | None:
        """Delta version of a table; None before the first write."""
        if self.is_hadoop_only:
            return newest_version(self.spark, self.path(table))
        delta_table = self._open(table)
        return delta_table.version() if delta_table else None

    def _open(self, table: Table, version: int | None = None) -> DeltaTable | None:
        try:
            return DeltaTable(self.path(table), version=version)
        except TableNotFoundError:
            return None

    def _stamp_new(self) -> None:
        if self._is_new:
            self._is_new = False
            with guard(self.root, "format"):
                if format_of(self) is None:
                    stamp(self)

    # Large tables, through Spark

    def read(self, table: Table, version: int | None = None) -> DataFrame:
        """A table, now or at a Delta version, as a Spark frame; an absent table is an empty frame of its contract."""
        root = self.spark_uri(table)
        if self.is_hadoop_only and self.exists(table):
            options = {} if version is None else {"versionAsOf": version}
            return self.spark.read.format("delta").options(**options).load(root)
        delta_table = None if self.is_hadoop_only else self._open(table, version)
        files = pa.table(delta_table.get_add_actions())["path"].to_pylist() if delta_table else []
        # deltalake lists the files of the version in milliseconds; Delta on Spark needs jobs of its own to learn them.
        if not files:
            return self.spark.createDataFrame(arrow_schema(table).empty_table())
        reader = self.spark.read.schema(struct(table)).option("basePath", root)
        return reader.parquet(*(f"{root}/{file}" for file in files))

    def append(self, table: Table, frame: DataFrame, *, is_together: bool = False) -> None:
        """Add rows in one commit.

        Args:
            is_together: the rows of each day already are in few Spark partitions, so that a shuffle is not needed.
        """
        self._save(table, frame, "append", is_together=is_together)

    def replace_days(self, table: Table, frame: DataFrame, date_from: date, date_to: date) -> None:
        """Replace exactly the rows of the days, both ends included, in one commit."""
        if table.partitioned or self.is_hadoop_only:
            self._save(table, frame, "overwrite", (date_from, date_to))
        else:
            self.replace_rows(table, frame.toArrow(), (date_from, date_to))

    def overwrite(self, table: Table, frame: DataFrame) -> None:
        """Replace all rows in one commit."""
        self._save(table, frame, "overwrite")

    def merge(self, table: Table, frame: DataFrame) -> None:
        """Insert new rows and update the rows that have the same key, in one commit."""
        from delta.tables import DeltaTable as SparkTable

        if not self.exists(table):
            self.append(table, frame)
            return
        same = " AND ".join(f"old.`{name}` = new.`{name}`" for name in table.key)
        target = SparkTable.forPath(self.spark, self.spark_uri(table)).alias("old")
        merge = target.merge(contract_rows(table, frame).alias("new"), same)
        with conflict_on_concurrent_commit(table):
            merge.whenMatchedUpdateAll().whenNotMatchedInsertAll().execute()

    def _save(
        self,
        table: Table,
        frame: DataFrame,
        mode: Mode,
        days: DateRange | None = None,
        is_together: bool = False,
    ) -> None:
        """Write the rows in one commit: Spark writes the files, deltalake commits them."""
        self._create(table)
        if self.is_hadoop_only:
            with conflict_on_concurrent_commit(table):
                save_through_delta(self.spark_uri(table), table, frame, mode, days)
            return
        writer = contract_rows(table, frame, is_together).write
        folder = f"incoming-{uuid4().hex}"
        incoming_uri = f"{self.spark_uri(table)}/{folder}"
        by_day = writer.partitionBy(table.day) if table.partitioned and table.day else writer
        # Opened before the work: a commit that another writer makes meanwhile is then noticed as a conflict.
        delta_table = DeltaTable(self.path(table))
        try:
            by_day.parquet(incoming_uri)
            actions = commit_actions(self.files(table), folder, table)
            with conflict_on_concurrent_commit(table):
                delta_table.create_write_transaction(
                    actions, mode, arrow_schema(table), delta_table.metadata().partition_columns,
                    partition_filters(table, days) if days is not None else None,
                )  # fmt: skip
        finally:
            remove_folder(self.spark, incoming_uri)

    def _create(self, table: Table) -> None:
        if self.exists(table):
            return
        self._stamp_new()
        if self.is_hadoop_only:
            create_through_spark(self.spark, self.path(table), table)
            return
        with guard(self.root, f"create_{table.name}"):
            create(self.path(table), table)

    # Small tables, through deltalake

    def read_rows(self, table: Table, version: int | None = None) -> pa.Table:
        """A small table as Arrow; an absent table has no rows."""
        if self.is_hadoop_only:
            return to_arrow(table, self.read(table, version).toArrow())
        delta_table = self._open(table, version)
        return to_arrow(table, self._dataset(table, delta_table).to_table() if delta_table else ())

    def dataset(self, table: Table, partitions: list[tuple[str, str, Any]] | None = None) -> Dataset:
        """The files of a table as an Arrow dataset; only where deltalake can open the lake."""
        return self._dataset(table, DeltaTable(self.path(table)), partitions)

    def _dataset(
        self, table: Table, delta_table: DeltaTable, partitions: list[tuple[str, str, Any]] | None = None
    ) -> Dataset:
        """A table's files as an Arrow dataset."""
        # deltalake's file system is Python code that Arrow's threads may call after Python has shut down at the end of
        # the process, which then aborts. For a local lake Arrow's own file system avoids that.
        filesystem = self.files(table) if self.is_local else None
        return delta_table.to_pyarrow_dataset(partitions=partitions, filesystem=filesystem)

    def scan(self, table: Table, columns: Sequence[str], condition: pc.Expression) -> pa.Table:
        """Columns of the rows for which a condition holds; files whose statistics rule the condition out are not read."""
        delta_table = None if self.is_hadoop_only else self._open(table)
        if delta_table is None:
            return self.read_rows(table).filter(condition).select(list(columns))
        return self._dataset(table, delta_table).to_table(list(columns), filter=condition)

    def count_rows(self, table: Table) -> int:
        """Number of rows of a table of any size, from its Delta log; 0 before the first write."""
        if self.is_hadoop_only:
            return self.read(table).count()
        delta_table = self._open(table)
        return delta_table.count() if delta_table else 0

    def append_batches(self, table: Table, batches: Iterable[pa.RecordBatch]) -> None:
        """Add a stream of batches in one commit, without a Spark job; only where deltalake can open the lake."""
        self._create(table)
        rows = pa.RecordBatchReader.from_batches(arrow_schema(table), batches)
        self._commit(table, rows, "append", None)

    def append_rows(self, table: Table, rows: Rows) -> int:
        """Add rows in one commit; returns the Delta version."""
        return self._write_rows(table, rows, "append", None)

    def replace_rows(self, table: Table, rows: Rows, days: DateRange | None) -> int:
        """Replace the rows of the days, or all rows where `days` is None; returns the Delta version."""
        return self._write_rows(table, rows, "overwrite", days)

    def _write_rows(self, table: Table, rows: Rows, mode: Mode, days: DateRange | None) -> int:
        data = to_arrow(table, rows)
        if self.is_hadoop_only:
            self._save(table, self.spark.createDataFrame(data), mode, days)
        else:
            self._create(table)
            self._commit(table, data, mode, days)
        version = self.version(table)
        assert version is not None
        return version

    def _commit(
        self, table: Table, rows: pa.Table | pa.RecordBatchReader, mode: Mode, days: DateRange | None
    ) -> None:
        commit_rows(self.path(table), table, rows, mode, days)
