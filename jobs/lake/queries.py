"""Queries over all rows of a table, in the part of SQL that DuckDB and Spark have in common.

DuckDB runs them where deltalake can open the lake, which takes a second and no Spark job; elsewhere Spark does.
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
    """The result of a query over a table that exists; `{rows}` in the query stands for the table."""
    if lake.is_hadoop_only:
        return by_spark(sql, rows=lake.read(table))
    return by_duckdb(sql, rows=lake.dataset(table))


def by_spark(sql: str, **relations: DataFrame) -> pa.Table:
    """The result of a query that Spark runs; `{name}` in it stands for a frame."""
    spark = next(iter(relations.values())).sparkSession
    return spark.sql(sql, None, **relations).toArrow()


def by_duckdb(sql: str, **relations: Dataset | pa.Table) -> pa.Table:
    """The result of a query that DuckDB runs; `{name}` in it stands for a relation.

    What does not fit into memory is spilled to a temporary folder.
    """
    with (
        tempfile.TemporaryDirectory(prefix="activelake-") as spill,
        duckdb.connect(":memory:", config={"temp_directory": spill}) as connection,
    ):
        for name, rows in relations.items():
            connection.register(name, rows)
        return connection.sql(sql.format_map({name: name for name in relations})).to_arrow_table()
