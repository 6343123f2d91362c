"""The bytes of a landed CSV or JSON file → batches of records. Runs on Spark's executors and needs no Spark itself."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from itertools import chain, islice

import pyarrow as pa

from conf.mapping import FileFormat
from jobs.sources.files.content import Unreadable, is_wide, plain
from jobs.sources.files.csv_records import csv_records
from jobs.sources.files.json_records import json_records
from jobs.sources.files.record import Record

RECORDS_PER_BATCH = 5_000
SCHEMA = pa.schema(
    [
        ("position", pa.int64()),
        ("raw_text", pa.string()),
        ("raw_bytes", pa.binary()),
        ("fields", pa.map_(pa.string(), pa.string())),
        ("problem", pa.string()),
        ("content_hash", pa.string()),
    ]
)


def read_file_records(data: bytes, file: str, form: FileFormat) -> Iterator[pa.RecordBatch]:
    """The records of one file in their order, as batches of SCHEMA.

    A record has either `fields` or a `problem`. A file that cannot be read to its end, or whose header is malformed, is
    one row at position 0 with the problem `unreadable_file` and the hash of the whole file.

    Args:
        data: the bytes of the file.
        file: name of the file; `.gz`, `.zst` and `.bz2` are decompressed.
        form: the declared file format, csv or json.
    """
    try:
        encoding = "utf-8" if is_wide(form.encoding) else form.encoding
        content = plain(data, file, form.encoding)
        is_json = form.kind == "json"
        records = json_records(content, encoding) if is_json else csv_records(content, form, encoding)
        first = list(islice(records, RECORDS_PER_BATCH))
    except Unreadable:
        yield unreadable(data)
        return
    position = 1
    while first:
        yield _batch(first, position)
        position += len(first)
        first = list(islice(records, RECORDS_PER_BATCH))


def unreadable(data: bytes) -> pa.RecordBatch:
    """The one row of a file that cannot be read."""
    row = {"position": 0, "problem": "unreadable_file", "content_hash": sha256(data).hexdigest()}
    return pa.RecordBatch.from_pylist([row], schema=SCHEMA)


def _batch(records: list[Record], position: int) -> pa.RecordBatch:
    raws, texts, fields, problems = zip(*records, strict=True)
    columns = [
        pa.array(range(position, position + len(records)), pa.int64()),
        pa.array(texts, pa.string()),
        pa.array([raw if text is None else None for raw, text in zip(raws, texts, strict=True)], pa.binary()),
        _maps(fields),
        pa.array(problems, pa.string()),
        pa.array([sha256(raw).hexdigest() for raw in raws], pa.string()),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def _maps(fields: tuple[dict[str, str] | None, ...]) -> pa.MapArray:
    """The fields as an Arrow map column."""
    # Built from flat keys and values with offsets, which is many times faster than one map at a time.
    offsets: list[int | None] = []
    end = 0
    for record in fields:
        offsets.append(None if record is None else end)
        end += len(record) if record is not None else 0
    offsets.append(end)
    records_with_fields = [record for record in fields if record is not None]
    keys = pa.array(chain.from_iterable(records_with_fields), pa.string())
    values = pa.array(chain.from_iterable(record.values() for record in records_with_fields), pa.string())
    return pa.MapArray.from_arrays(pa.array(offsets, pa.int32()), keys, values)
