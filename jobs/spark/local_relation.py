"""Spark frames from rows that the driver holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType


def frame_of(spark: SparkSession, rows: Sequence[tuple], ddl: str) -> DataFrame:
    """Rows as a Spark frame.

    They go through Arrow and become a local relation. From a list of rows Spark would make a frame that each query has
    to read through a Python worker.
    """
    arrow = to_arrow_schema(cast(StructType, StructType.fromDDL(ddl)))
    columns = list(zip(*rows, strict=True)) or [()] * len(arrow)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, arrow, strict=True)]
    return spark.createDataFrame(pa.Table.from_arrays(arrays, schema=arrow))
