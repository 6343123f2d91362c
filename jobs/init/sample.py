"""A look at files: how they are named, their form, their columns and the first values."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from conf.errors import ConfigError
from conf.mapping import FileFormat
from jobs.ingest.records import read_records

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_KINDS = {
    "csv": "csv",
    "tsv": "csv",
    "txt": "csv",
    "json": "json",
    "jsonl": "json",
    "ndjson": "json",
    "parquet": "parquet",
}
_PACKED = ("gz", "zst", "bz2")
_ROWS = 500


@dataclass(frozen=True)
class Sample:
    """One set of files of the same name pattern.

    Attributes:
        path: pattern below the root, with {date} where the name holds a day.
        form: how its records are read.
        values: column → the first values, in file order.
    """

    name: str
    path: str
    form: FileFormat
    values: dict[str, list[str]]
    is_dated: bool


def look(root: Path, files: Iterable[Path]) -> list[Sample]:
    """The sets of files below a root.

    Raises:
        ConfigError: a file is of no known form, or holds no record.
    """
    sets: dict[str, list[Path]] = defaultdict(list)
    for file in sorted(files):
        sets[_DATE.sub("{date}", file.relative_to(root).as_posix())].append(file)
    if not sets:
        raise ConfigError(f"{root}: no files to look at")
    return [_sample(path, found[0]) for path, found in sets.items()]


def _sample(path: str, file: Path) -> Sample:
    words = file.name.lower().split(".")[1:]
    kind = next((_KINDS[word] for word in words if word in _KINDS), None)
    if kind is None:
        raise ConfigError(
            f"{file}: neither csv, json lines nor parquet by its name; {', '.join(_PACKED)} may follow"
        )
    form, values = _parquet(file) if kind == "parquet" else _text(file, kind)
    if not any(values.values()):
        raise ConfigError(f"{file}: holds no record that can be read")
    plain = path.split("/")[-1 if path.count("/") == 0 else 0]
    name = re.sub(r"[^a-z0-9]+", "_", re.sub(r"\{date\}|\..*", "", plain.lower())).strip("_") or "records"
    return Sample(name, path, form, values, "{date}" in path)


def _parquet(file: Path) -> tuple[FileFormat, dict[str, list[str]]]:
    batch = next(pq.ParquetFile(file).iter_batches(_ROWS), None)
    rows = batch.to_pydict() if batch is not None else {}
    return FileFormat(kind="parquet"), {
        name: [str(v) for v in column if v is not None] for name, column in rows.items()
    }


def _text(file: Path, kind: str) -> tuple[FileFormat, dict[str, list[str]]]:
    for encoding in ("utf-8", "gbk"):
        form = FileFormat(kind="json") if kind == "json" else _csv_form(file, encoding)
        values = _values(file, form)
        if any(values.values()):
            return form, values
    return form, values


def _csv_form(file: Path, encoding: str) -> FileFormat:
    whole = FileFormat(
        kind="csv", delimiter="\x00", quote="", encoding=encoding, header=False, names=("line",)
    )
    lines = [text for text in _values(file, whole).get("line", [])[:50] if text.strip()]
    try:
        delimiter = csv.Sniffer().sniff("\n".join(lines), ",;\t|").delimiter
    except csv.Error:
        delimiter = ","
    return FileFormat(kind="csv", delimiter=delimiter, encoding=encoding)


def _values(file: Path, form: FileFormat) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    rows = 0
    for batch in read_records(file.read_bytes(), file.name, form):
        for fields in batch.column("fields").to_pylist():
            for name, value in fields or ():
                found.setdefault(name, []).append(value)
            rows += 1
            if rows >= _ROWS:
                return found
    return found
