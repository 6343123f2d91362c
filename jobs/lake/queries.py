"""Questions about all rows of a table, in the SQL that DuckDB and Spark have in common.

DuckDB answers where deltalake can open the lake, in a second and without a Spark job; Spark answers elsewhere.
"""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from jobs.lake.tables import Lake
from schemas.contract import Table

if TYPE_CHECKING:
    from pyarrow.dataset import Dataset
    from pyspark.sql import DataFrame


def query_table(lake: Lake, table: Table, sql: str) -> pa.Table:
    """The answer to a query about a table that exists; `{rows}` in the query is the table."""
    if lake.is_hadoop_only:
        return by_spark(sql, rows=lake.read(table))
    return by_duckdb(sql, rows=lake.dataset(table))


def by_spark(sql: str, rows: DataFrame) -> pa.Table:
    """The answer of Spark."""
    return rows.sparkSession.sql(sql, rows=rows).toArrow()


def by_duckdb(sql: str, **relations: Dataset | pa.Table) -> pa.Table:
    """The answer of DuckDB, which may spill what it does not hold in memory to a folder of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="activelake-") as spill,
        duckdb.connect(":memory:", config={"temp_directory": spill}) as connection,
    ):
        for name, rows in relations.items():
            connection.register(name, rows)
        return connection.sql(sql.format_map({name: name for name in relations})).to_arrow_table()
