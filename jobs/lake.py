"""The one edge of the lake: the only place where tables are read and written.

Rows of large tables are read and written by Spark, those of small shared ones (reports, ops) here. Either way deltalake
says which files a version has and commits new ones, in milliseconds and without a JVM, also on HDFS; where it cannot
open the lake's URI, all of it is Spark's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import CommitProperties, DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import CommitFailedError, TableNotFoundError
from deltalake.fs import DeltaStorageHandler
from pyarrow.dataset import Dataset
from pyarrow.fs import FileSystem, LocalFileSystem, PyFileSystem, SubTreeFileSystem

from conf.errors import ActiveLakeError, Conflict
from conf.settings import Settings
from jobs.arrow import arrow_schema, to_arrow
from jobs.hadoop import newest_version, remove_folder
from jobs.lake_create import create, create_through_spark, struct
from jobs.lake_files import taken_in
from jobs.lake_format import format_of, is_new, stamp
from jobs.lock import guard
from schemas.contract import Table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Rows: TypeAlias = pa.Table | Sequence[Mapping[str, Any]]
Mode: TypeAlias = Literal["append", "overwrite"]
Days: TypeAlias = tuple[date, date]
_HADOOP_ONLY = ("viewfs://", "webhdfs://", "ofs://")
_LEASES = ("hdfs://", *_HADOOP_ONLY)


def _partitions(table: Table, date_from: date, date_to: date) -> list[tuple[str, str, str]]:
    day = str(table.day)
    return [(day, ">=", date_from.isoformat()), (day, "<=", date_to.isoformat())]


def _condition(table: Table, date_from: date, date_to: date) -> str:
    return f"{table.day} >= '{date_from.isoformat()}' AND {table.day} <= '{date_to.isoformat()}'"


@contextmanager
def _no_other_writer(table: Table) -> Iterator[None]:
    """What both libraries raise where another commit came first, as a conflict; delta's are all of that kind."""
    try:
        yield
    except Exception as error:
        if isinstance(error, CommitFailedError) or type(error).__module__.startswith("delta.exceptions"):
            raise Conflict(f"{table.name}: another writer committed at the same time ({error})") from error
        raise


class Lake:
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
        self.root = root.rstrip("/") if "://" in root else str(Path(root).resolve())
        self._spark = spark
        self._starting = RLock()
        self._written: set[str] = set()
        can_look = spark is not None or not self.is_hadoop_only
        self._is_new = can_look and not any_format and is_new(self)

    @classmethod
    def of(cls, settings: Settings, *, any_format: bool = False) -> Lake:
        """A deployment's lake, for work on small tables: Spark starts, without executors, only where it must."""

        def start() -> SparkSession:
            from jobs.session import open_session

            return open_session(settings.spark.on_driver())

        return cls(settings.lake, start, any_format=any_format)

    @property
    def spark(self) -> SparkSession:
        """The session that reads and writes large tables; it starts when it is first needed.

        Raises:
            ActiveLakeError: the lake was opened without one.
        """
        if self._spark is None:
            raise ActiveLakeError(f"{self.root}: this needs Spark, and the lake was opened without a session")
        with self._starting:  # lanes of the ingestion ask for it side by side
            if callable(self._spark):
                self._spark = self._spark()
            return self._spark

    def start(self) -> None:
        """Start the session now, where it is known that it will be needed."""
        _ = self.spark

    @property
    def is_hadoop_only(self) -> bool:
        """True where deltalake cannot open the URI."""
        return self.root.startswith(_HADOOP_ONLY)

    @property
    def has_leases(self) -> bool:
        """True where a file that is open for writing is a lock: on HDFS, however it is reached."""
        return self.root.startswith(_LEASES)

    def path(self, table: Table) -> str:
        """Place of a table."""
        return f"{self.root}/{table.folder}"

    def _uri(self, table: Table) -> str:
        """The same for Spark: on a cluster a path without a scheme is one of Hadoop's default file system."""
        path = self.path(table)
        return path if "://" in path else f"file:{path}"

    def exists(self, table: Table) -> bool:
        """True once the table has been written, and from then on: nothing takes tables away."""
        if table.name not in self._written and self.version(table) is not None:
            self._written.add(table.name)
        return table.name in self._written

    def version(self, table: Table) -> int | None:
        """Delta version of a table; None before the first write."""
        if self.is_hadoop_only:
            return newest_version(self.spark, self.path(table))
        found = self._open(table)
        return found.version() if found else None

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
        """A table as a Spark frame, as it is or was; an absent table is an empty frame of its contract.

        deltalake says in milliseconds which files a version has; Spark would take jobs of its own to learn it.
        """
        root = self._uri(table)
        if self.is_hadoop_only and self.exists(table):
            options = {} if version is None else {"versionAsOf": version}
            return self.spark.read.format("delta").options(**options).load(root)
        found = None if self.is_hadoop_only else self._open(table, version)
        files = pa.table(found.get_add_actions())["path"].to_pylist() if found else []
        if not files:
            return self.spark.createDataFrame(arrow_schema(table).empty_table())
        reader = self.spark.read.schema(struct(table)).option("basePath", root)
        return reader.parquet(*(f"{root}/{file}" for file in files))

    def append(self, table: Table, frame: DataFrame, *, is_together: bool = False) -> None:
        """Add rows in one commit.

        Args:
            is_together: the rows of a day stand in few of the frame's partitions, and need not be brought together.
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
        """Insert rows, or update the rows of the same key, in one commit."""
        from delta.tables import DeltaTable as SparkTable

        if not self.exists(table):
            self.append(table, frame)
            return
        same = " AND ".join(f"old.`{name}` = new.`{name}`" for name in table.key)
        target = SparkTable.forPath(self.spark, self._uri(table)).alias("old")
        merge = target.merge(self._fit(table, frame).alias("new"), same)
        with _no_other_writer(table):
            merge.whenMatchedUpdateAll().whenNotMatchedInsertAll().execute()

    def _save(
        self, table: Table, frame: DataFrame, mode: Mode, days: Days | None = None, is_together: bool = False
    ) -> None:
        """Spark writes the files, deltalake commits them."""
        self._create(table)
        if self.is_hadoop_only:
            self._save_through_spark(table, frame, mode, days)
            return
        writer = self._fit(table, frame, is_together).write
        folder = f"incoming-{uuid4().hex}"
        place = f"{self._uri(table)}/{folder}"
        by_day = writer.partitionBy(table.day) if table.partitioned and table.day else writer
        found = DeltaTable(self.path(table))  # as it is before the work, so that a lost race is noticed
        try:
            by_day.parquet(place)
            actions = taken_in(self._files(table), folder, table)
            with _no_other_writer(table):
                found.create_write_transaction(
                    actions, mode, arrow_schema(table), found.metadata().partition_columns,
                    _partitions(table, *days) if days is not None else None,
                )  # fmt: skip
        finally:
            remove_folder(self.spark, place)

    def _save_through_spark(self, table: Table, frame: DataFrame, mode: Mode, days: Days | None) -> None:
        """Spark does both, where deltalake cannot open the lake."""
        writer = self._fit(table, frame).write.format("delta").mode(mode)
        if days is not None:
            writer = writer.option("replaceWhere", _condition(table, *days))
        with _no_other_writer(table):
            writer.save(self._uri(table))

    def _fit(self, table: Table, frame: DataFrame, is_together: bool = False) -> DataFrame:
        from pyspark.sql import functions as F

        fitted = frame.select(*(F.col(c.name).cast(c.type).alias(c.name) for c in table.columns))
        if not (table.partitioned and table.day):
            return fitted.coalesce(1)
        return fitted if is_together else fitted.repartition(table.day)

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
        found = self._open(table, version)
        return to_arrow(table, self._dataset(table, found).to_table() if found else ())

    def dataset(self, table: Table, partitions: list[tuple[str, str, Any]] | None = None) -> Dataset:
        """The files of a table as Arrow reads them, where deltalake can open the lake."""
        return self._dataset(table, DeltaTable(self.path(table)), partitions)

    def _dataset(
        self, table: Table, found: DeltaTable, partitions: list[tuple[str, str, Any]] | None = None
    ) -> Dataset:
        """Arrow reads a local lake by itself: deltalake's way is Python, which its threads may still call for when a
        process whose work is done has taken Python down, and then the process aborts.
        """
        own = None if "://" in self.root else self._files(table)
        return found.to_pyarrow_dataset(partitions=partitions, filesystem=own)

    def _files(self, table: Table) -> FileSystem:
        """The files below a table's root."""
        path = self.path(table)
        if "://" in path:
            return PyFileSystem(DeltaStorageHandler(path))
        return SubTreeFileSystem(path, LocalFileSystem())

    def scan(self, table: Table, columns: Sequence[str], condition: pc.Expression) -> pa.Table:
        """Columns of the rows for which a condition holds; where no row can, a file is not read."""
        found = None if self.is_hadoop_only else self._open(table)
        if found is None:
            return self.read_rows(table).filter(condition).select(list(columns))
        return self._dataset(table, found).to_table(list(columns), filter=condition)

    def count_rows(self, table: Table) -> int:
        """Rows of a table of any size, from the log of its files; 0 before the first write."""
        if self.is_hadoop_only:
            return self.read(table).count()
        found = self._open(table)
        return found.count() if found else 0

    def append_batches(self, table: Table, batches: Iterable[pa.RecordBatch]) -> None:
        """Add rows in one commit as they come, without a Spark job; where deltalake can open the lake."""
        self._create(table)
        rows = pa.RecordBatchReader.from_batches(arrow_schema(table), batches)
        self._commit(table, rows, "append", None)

    def append_rows(self, table: Table, rows: Rows) -> int:
        """Add rows in one commit; returns the Delta version."""
        return self._write_rows(table, rows, "append", None)

    def replace_rows(self, table: Table, rows: Rows, days: Days | None) -> int:
        """Replace the rows of the days, or all rows where `days` is None; returns the Delta version."""
        return self._write_rows(table, rows, "overwrite", days)

    def _write_rows(self, table: Table, rows: Rows, mode: Mode, days: Days | None) -> int:
        data = to_arrow(table, rows)
        if self.is_hadoop_only:
            self._save(table, self.spark.createDataFrame(data), mode, days)
        else:
            self._create(table)
            self._commit(table, data, mode, _condition(table, *days) if days is not None else None)
        version = self.version(table)
        assert version is not None
        return version

    def _commit(
        self, table: Table, data: pa.Table | pa.RecordBatchReader, mode: Mode, predicate: str | None
    ) -> None:
        path = self.path(table)
        options: dict[str, Any] = {
            "commit_properties": CommitProperties(max_commit_retries=3),
            "writer_properties": WriterProperties(compression="ZSTD"),
        }
        with _no_other_writer(table):
            if mode == "append":
                write_deltalake(path, data, mode="append", **options)
            else:
                write_deltalake(path, data, mode="overwrite", predicate=predicate, **options)
