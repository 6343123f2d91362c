"""Rows of Parquet files as raw records, with every value as text; Spark converts them without Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from jobs.sources.files.landing import LandedFile

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession
    from pyspark.sql.types import DataType

_INSTANT = "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'"


def parquet_groups(files: Sequence[LandedFile]) -> tuple[list[list[LandedFile]], list[LandedFile]]:
    """(groups of files with the same schema, files whose footer cannot be read)."""
    groups: dict[str, list[LandedFile]] = defaultdict(list)
    broken = []
    for file in files:
        try:
            schema = str(pq.read_metadata(file.path).schema)
        except (OSError, ValueError):
            broken.append(file)
        else:
            groups[schema.split("\n", 1)[1]].append(file)
    return list(groups.values()), broken


def parquet_records(spark: SparkSession, files: Sequence[LandedFile]) -> DataFrame:
    """One row per row of Parquet files with the same schema.

    Columns are path, position, raw_text, raw_bytes, fields, problem and content_hash. A NULL value is left out of
    `fields`. Instants are ISO text in UTC with `Z` (the session's zone is UTC), decimals are plain digits, nested values
    are JSON and binary values are base64. `content_hash` is the SHA-256 of the values as JSON, sorted by column name.
    """
    from pyspark.sql import functions as F

    frame = spark.read.parquet(*(local_pattern(file.path) for file in files))
    texts = [_text(F.col(f"`{f.name.replace('`', '``')}`"), f.dataType).alias(f.name) for f in _sorted(frame)]
    names = F.array(*(F.lit(f.name) for f in _sorted(frame)))
    flat = F.map_from_arrays(names, F.array(*texts))
    return frame.select(
        F.url_decode(F.replace(F.col("_metadata.file_path"), F.lit("+"), F.lit("%2B"))).alias("path"),
        (F.col("_metadata.row_index") + 1).alias("position"),
        F.lit(None).cast("string").alias("raw_text"),
        F.lit(None).cast("binary").alias("raw_bytes"),
        F.map_filter(flat, lambda _, value: value.isNotNull()).alias("fields"),
        F.lit(None).cast("string").alias("problem"),
        F.sha2(F.to_json(F.struct(*texts)), 256).alias("content_hash"),
    )


def _sorted(frame: DataFrame) -> list:
    return sorted(frame.schema.fields, key=lambda field: field.name)


def local_pattern(path: str) -> str:
    """A path as a pattern that matches only that path, on the local disk even if Hadoop's default file system is HDFS."""
    plain = Path(path).as_posix()
    return "file:" + "".join(f"\\{letter}" if letter in "[]{}*?\\" else letter for letter in plain)


def _text(column: Column, kind: DataType) -> Column:
    from pyspark.sql import functions as F
    from pyspark.sql import types as T

    if isinstance(kind, T.TimestampType):
        return F.date_format(column, _INSTANT)
    if isinstance(kind, T.TimestampNTZType):
        return F.translate(column.cast("string"), " ", "T")
    if isinstance(kind, (T.StructType, T.ArrayType, T.MapType)):
        return F.to_json(column, {"timestampFormat": _INSTANT})
    if isinstance(kind, T.BinaryType):
        return F.base64(column)
    return column.cast("string")
