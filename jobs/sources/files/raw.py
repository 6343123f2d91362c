"""Records of landed files → raw tables, and the rows of the ledger of ingested files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from conf.mapping import FileFormat
from conf.settings import Settings
from jobs.lake.arrow import arrow_schema
from jobs.lake.counts import days_present, rows_per_value
from jobs.lake.tables import Lake
from jobs.sources.files.landing import FileKey, LandedFile, require_unchanged
from jobs.sources.files.manifest import check_record_counts
from jobs.sources.files.parquet import local_pattern, parquet_groups, parquet_records
from jobs.sources.files.records import SCHEMA, read_file_records
from jobs.spark.local_relation import frame_of
from schemas.contract import Table
from schemas.raw.records import raw_table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

LinesPerFile = dict[FileKey, int]
"""Number of records per file."""
_QUICK_BYTES = 32 << 20
"""Text files up to this total size are read in this process: that is done before Spark would start its first task."""
_RECORD = (
    "path string, position bigint, raw_text string, raw_bytes binary, fields map<string,string>, problem string, "
    "content_hash string"
)


def read_records(spark: SparkSession, settings: Settings, files: Sequence[LandedFile]) -> DataFrame:
    """One row per record of the files, which belong to one input, in the columns of its raw table."""
    from pyspark.sql import functions as F

    form = _form(settings, files)
    records = _parquet(spark, files) if form.kind == "parquet" else _lines(spark, form, files)
    file_rows = [(file.path, file.file, file.landing_date) for file in files]
    file_frame = frame_of(spark, file_rows, "path string, file string, landing_date date")
    plain_path = F.regexp_replace("path", "^file:/+", "/")
    with_files = records.withColumn("path", plain_path).join(F.broadcast(file_frame), "path", "left")
    return with_files.withColumn("input", F.lit(files[0].input)).select(*raw_table(files[0].input).names)


def _form(settings: Settings, files: Sequence[LandedFile]) -> FileFormat:
    source, name = files[0].input.split(".", 1)
    return settings.sources[source].inputs[name].format


def _lines(spark: SparkSession, form: FileFormat, files: Sequence[LandedFile]) -> DataFrame:
    """The records of CSV and JSON files: Spark reads whole files as bytes, and its workers cut them into records."""

    def cut(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
        for batch in batches:
            for path, content in zip(batch["path"], batch["content"], strict=True):
                for records in read_file_records(content.as_py(), path.as_py(), form):
                    where = pa.repeat(path, records.num_rows)
                    yield pa.RecordBatch.from_arrays([where, *records.columns], names=["path", *SCHEMA.names])

    content = spark.read.format("binaryFile").load([local_pattern(file.path) for file in files])
    return content.select("path", "content").mapInArrow(cut, _RECORD)


def _batches(table: Table, form: FileFormat, files: Sequence[LandedFile]) -> Iterable[pa.RecordBatch]:
    """The records of CSV and JSON files, read in this process, as batches with the schema of the raw table."""
    schema = arrow_schema(table)
    for file in files:
        for records in read_file_records(Path(file.path).read_bytes(), file.path, form):
            file_columns = {"input": file.input, "file": file.file, "landing_date": file.landing_date}
            columns = {
                name: pa.repeat(pa.scalar(value), records.num_rows) for name, value in file_columns.items()
            }
            columns |= dict(zip(SCHEMA.names, records.columns, strict=True))
            yield pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)


def _parquet(spark: SparkSession, files: Sequence[LandedFile]) -> DataFrame:
    groups, broken = parquet_groups(files)
    frames = [parquet_records(spark, group) for group in groups]
    rows = [(file.path, 0, None, None, None, "unreadable_file", file.content_hash) for file in broken]
    return reduce(lambda a, b: a.unionByName(b), [*frames, frame_of(spark, rows, _RECORD)])


@dataclass(frozen=True)
class Ingested:
    """What was written to the raw tables.

    Attributes:
        lines_in: number of records per (input, file), counted in the raw table itself.
        reingested: files of which an earlier run had written rows before it died; those rows were replaced.
    """

    lines_in: LinesPerFile
    reingested: frozenset[FileKey]


def ingest_raw(
    lake: Lake, settings: Settings, files: Sequence[LandedFile], report_progress: Callable[[str], None]
) -> Ingested:
    """Write the records of new files to the raw tables, in one commit per input.

    If an earlier run died after it had written rows of a file and before it had written the ledger, the same commit
    replaces those rows.

    Raises:
        SourceIncomplete: a file changed while it was read.
        ContractError: a file has not as many records as its manifest says.
    """
    counts: LinesPerFile = {}
    reingested: set[FileKey] = set()
    for name, group in groupby(sorted(files, key=lambda file: file.input), key=lambda file: file.input):
        input_files = list(group)
        report_progress(f"{name}: {len(input_files)} files")
        left_behind = _left_behind(lake, name, input_files)
        _write(lake, settings, input_files, left_behind)
        require_unchanged(input_files)
        days = {file.landing_date for file in input_files}
        lines = rows_per_value(lake, raw_table(name), "file", days)
        counts |= {(name, file.file): lines.get(file.file, 0) for file in input_files}
        check_record_counts(input_files, counts)
        reingested |= {(name, file) for file in left_behind}
    return Ingested(counts, frozenset(reingested))


def _left_behind(lake: Lake, name: str, files: Sequence[LandedFile]) -> frozenset[str]:
    """Names of new files of which the raw table already has rows, because a run died before it wrote the ledger."""
    days = {file.landing_date for file in files} & days_present(lake, raw_table(name))
    if not days:
        return frozenset()
    return frozenset(rows_per_value(lake, raw_table(name), "file", days)) & {file.file for file in files}


def _write(lake: Lake, settings: Settings, files: Sequence[LandedFile], left_behind: frozenset[str]) -> None:
    from pyspark.sql import functions as F

    table, form = raw_table(files[0].input), _form(settings, files)
    is_quick = form.kind != "parquet" and sum(file.bytes for file in files) <= _QUICK_BYTES
    if is_quick and not left_behind and not lake.is_hadoop_only:
        lake.append_batches(table, _batches(table, form, files))
        return
    records = read_records(lake.spark, settings, files)
    if not left_behind:
        lake.append(table, records, is_together=True)  # a file is of one day
        return
    days = [file.landing_date for file in files]
    same_days = lake.read(table).where(F.col("landing_date").between(min(days), max(days)))
    others = same_days.where(~F.col("file").isin([file.file for file in files]))
    lake.replace_days(table, others.unionByName(records), min(days), max(days))


def raw_batch(lake: Lake, input_name: str, files: Iterable[LandedFile]) -> DataFrame:
    """The rows of the raw table of an input that come from the files of that input."""
    from pyspark.sql import functions as F

    input_files = [file for file in files if file.input == input_name]
    days = sorted({file.landing_date for file in input_files})
    rows = lake.read(raw_table(input_name)).where(F.col("landing_date").isin(days))
    return rows.where(F.col("file").isin([file.file for file in input_files]))


def ledger_rows(
    files: Iterable[LandedFile], counts: Mapping[FileKey, int], run_id: str
) -> list[dict[str, Any]]:
    """One row of ops.ingested_file per file; written after the clean tables, so that a run that died is repeated."""
    return [
        {
            "input": file.input,
            "file": file.file,
            "landing_date": file.landing_date,
            "content_hash": file.content_hash,
            "bytes": file.bytes,
            "lines_in": counts[file.input, file.file],
            "run_id": run_id,
        }
        for file in files
    ]
