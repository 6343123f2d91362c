"""Rows that the driver knows, as a frame of a session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType


def frame_of(spark: SparkSession, rows: Sequence[tuple], ddl: str) -> DataFrame:
    """Rows as a local relation: of a list, Spark would make a frame that every query has a Python worker read anew."""
    arrow = to_arrow_schema(cast(StructType, StructType.fromDDL(ddl)))
    columns = list(zip(*rows, strict=True)) or [()] * len(arrow)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, arrow, strict=True)]
    return spark.createDataFrame(pa.Table.from_arrays(arrays, schema=arrow))
