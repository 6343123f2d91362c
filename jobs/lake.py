"""The one edge of the lake: the only place where tables are read and written.

Large tables go through Spark. Small shared ones (reports, ops) go through deltalake, which commits in
milliseconds and needs no JVM; where deltalake cannot open the lake's URI, they go through Spark as well.
Every table stays at Delta reader version 1: no deletion vectors, no column mapping.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import CommitProperties, DeltaTable, write_deltalake
from deltalake.exceptions import CommitFailedError, TableNotFoundError

from conf.errors import ActiveLakeError, Conflict
from jobs.arrow import arrow_schema, to_arrow
from jobs.lake_format import is_new, stamp
from schemas.contract import Table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

Rows: TypeAlias = pa.Table | Sequence[Mapping[str, Any]]
_PROPERTIES = {
    "delta.enableDeletionVectors": "false",
    "delta.minReaderVersion": "1",
    "delta.minWriterVersion": "2",
}
_HADOOP_ONLY = ("hdfs://", "viewfs://", "webhdfs://", "ofs://")


def _days(table: Table, date_from: date, date_to: date) -> str:
    return f"{table.day} >= '{date_from.isoformat()}' AND {table.day} <= '{date_to.isoformat()}'"


def _properties(table: Table) -> dict[str, str]:
    """Statistics stand in the log for as long as the log is kept: none of personal columns."""
    physical = table.day if table.partitioned else None
    kinds = ("date", "bigint", "int", "timestamp")
    indexed = [c.name for c in table.columns if not c.personal and c.type in kinds and c.name != physical]
    return {**_PROPERTIES, "delta.dataSkippingStatsColumns": ",".join(indexed)}


def _struct(table: Table) -> StructType:
    from pyspark.sql.types import StructType

    parsed = StructType.fromDDL(table.ddl)
    assert isinstance(parsed, StructType)
    return parsed


class Lake:
    """The tables below one root folder or URI: `<root>/<layer>/<table>`.

    Raises:
        ConfigError: the lake is of another format, and `any_format` does not let it pass.
    """

    def __init__(self, root: str, spark: SparkSession | None = None, *, any_format: bool = False) -> None:
        self.root = root.rstrip("/") if "://" in root else str(Path(root).resolve())
        self._spark = spark
        can_look = spark is not None or not self.is_hadoop_only
        self._is_new = can_look and not any_format and is_new(self)

    @property
    def spark(self) -> SparkSession:
        """The session that reads and writes large tables.

        Raises:
            ActiveLakeError: the lake was opened without one.
        """
        if self._spark is None:
            raise ActiveLakeError(f"{self.root}: this needs Spark, and the lake was opened without a session")
        return self._spark

    @property
    def is_hadoop_only(self) -> bool:
        """True where deltalake cannot open the URI."""
        return self.root.startswith(_HADOOP_ONLY)

    def path(self, table: Table) -> str:
        """Place of a table."""
        return f"{self.root}/{table.folder}"

    def exists(self, table: Table) -> bool:
        """True once the table has been written."""
        return self.version(table) is not None

    def version(self, table: Table) -> int | None:
        """Delta version of a table; None before the first write."""
        if self.is_hadoop_only:
            return self._spark_version(table)
        found = self._open(table)
        return found.version() if found is not None else None

    def _open(self, table: Table) -> DeltaTable | None:
        try:
            return DeltaTable(self.path(table))
        except TableNotFoundError:
            return None

    def _stamp_new(self) -> None:
        if self._is_new:
            self._is_new = False
            stamp(self)

    # Large tables, through Spark

    def read(self, table: Table) -> DataFrame:
        """A table as a Spark frame; an absent table is an empty frame of its contract."""
        if self.exists(table):
            return self.spark.read.format("delta").load(self.path(table))
        return self.spark.createDataFrame([], _struct(table))

    def append(self, table: Table, frame: DataFrame) -> None:
        """Add rows in one commit."""
        self._create(table)
        self._fit(table, frame).write.format("delta").mode("append").save(self.path(table))

    def replace_days(self, table: Table, frame: DataFrame, date_from: date, date_to: date) -> None:
        """Replace exactly the rows of the days, both ends included, in one commit."""
        self._create(table)
        days = _days(table, date_from, date_to)
        writer = self._fit(table, frame).write.format("delta").mode("overwrite").option("replaceWhere", days)
        writer.save(self.path(table))

    def overwrite(self, table: Table, frame: DataFrame) -> None:
        """Replace all rows in one commit."""
        self._create(table)
        self._fit(table, frame).write.format("delta").mode("overwrite").save(self.path(table))

    def merge(self, table: Table, frame: DataFrame) -> None:
        """Insert rows, or update the rows of the same key, in one commit."""
        from delta.tables import DeltaTable as SparkTable

        self._create(table)
        same = " AND ".join(f"old.`{name}` = new.`{name}`" for name in table.key)
        target = SparkTable.forPath(self.spark, self.path(table)).alias("old")
        merge = target.merge(self._fit(table, frame).alias("new"), same)
        merge.whenMatchedUpdateAll().whenNotMatchedInsertAll().execute()

    def _fit(self, table: Table, frame: DataFrame) -> DataFrame:
        from pyspark.sql import functions as F

        fitted = frame.select(*(F.col(c.name).cast(c.type).alias(c.name) for c in table.columns))
        return fitted.repartition(table.day) if table.partitioned and table.day else fitted.coalesce(1)

    def _create(self, table: Table) -> None:
        from delta.tables import DeltaTable as SparkTable

        if self.exists(table):
            return
        if not self.is_hadoop_only:
            self._create_rows(table)
            return
        self._stamp_new()
        builder = SparkTable.createIfNotExists(self.spark).location(self.path(table)).comment(table.grain)
        builder = builder.addColumns(_struct(table))
        for name, value in _properties(table).items():
            builder = builder.property(name, value)
        if table.partitioned and table.day:
            builder = builder.partitionedBy(table.day)
        builder.execute()

    def _spark_version(self, table: Table) -> int | None:
        from delta.tables import DeltaTable as SparkTable

        if not SparkTable.isDeltaTable(self.spark, self.path(table)):
            return None
        return int(SparkTable.forPath(self.spark, self.path(table)).history(1).collect()[0]["version"])

    # Small tables, through deltalake

    def read_rows(self, table: Table, version: int | None = None) -> pa.Table:
        """A small table as Arrow; an absent table has no rows."""
        if self.is_hadoop_only:
            return to_arrow(table, self.read(table).toArrow())
        found = self._open(table)
        if found is None:
            return arrow_schema(table).empty_table()
        if version is not None:
            found.load_as_version(version)
        return to_arrow(table, found.to_pyarrow_table())

    def scan(self, table: Table, columns: Sequence[str], condition: pc.Expression) -> pa.Table:
        """Columns of the rows for which a condition holds; where no row can, a file is not read."""
        found = None if self.is_hadoop_only else self._open(table)
        if found is None:
            return self.read_rows(table).filter(condition).select(list(columns))
        return found.to_pyarrow_dataset().to_table(columns=list(columns), filter=condition)

    def append_rows(self, table: Table, rows: Rows) -> int:
        """Add rows in one commit; returns the Delta version."""
        return self._write_rows(table, rows, mode="append", predicate=None)

    def replace_rows(self, table: Table, rows: Rows, days: tuple[date, date] | None) -> int:
        """Replace the rows of the days, or all rows where `days` is None; returns the Delta version."""
        predicate = _days(table, *days) if days is not None else None
        return self._write_rows(table, rows, mode="overwrite", predicate=predicate)

    def _write_rows(
        self, table: Table, rows: Rows, mode: Literal["append", "overwrite"], predicate: str | None
    ) -> int:
        data = to_arrow(table, rows)
        if self.is_hadoop_only:
            return self._write_through_spark(table, data, mode, predicate)
        path = self._create_rows(table)
        retries = CommitProperties(max_commit_retries=3)
        try:
            if mode == "append":
                write_deltalake(path, data, mode="append", commit_properties=retries)
            else:
                write_deltalake(path, data, mode="overwrite", predicate=predicate, commit_properties=retries)
        except CommitFailedError as error:
            raise Conflict(f"{table.name}: another writer committed at the same time ({error})") from error
        return DeltaTable(path).version()

    def _create_rows(self, table: Table) -> str:
        """Create the table where it is absent; without Spark this costs milliseconds and not seconds."""
        self._stamp_new()
        path = self.path(table)
        if "://" not in path:
            Path(path).mkdir(parents=True, exist_ok=True)
        DeltaTable.create(
            path,
            arrow_schema(table),
            mode="ignore",
            partition_by=[table.day] if table.partitioned and table.day else None,
            description=table.grain,
            configuration=_properties(table),
        )
        return path

    def _write_through_spark(
        self, table: Table, data: pa.Table, mode: Literal["append", "overwrite"], predicate: str | None
    ) -> int:
        self._create(table)
        writer = self._fit(table, self.spark.createDataFrame(data)).write.format("delta").mode(mode)
        if predicate is not None:
            writer = writer.option("replaceWhere", predicate)
        writer.save(self.path(table))
        version = self._spark_version(table)
        assert version is not None
        return version
