"""A look at files: how they are named, their form, their columns and the first values."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.parquet as pq

from conf.errors import ConfigError
from conf.mapping import FileFormat
from jobs.sources.files.records import read_file_records

_YEAR, _MONTH, _DAY = "(19|20)[0-9]{2}", "(0[1-9]|1[0-2])", "(0[1-9]|[12][0-9]|3[01])"
_DATES = {
    f"(?<![0-9]){_YEAR}{between}{_MONTH}{between}{_DAY}(?![0-9])": token
    for between, token in (("-", "{date}"), ("/", "{date:%Y/%m/%d}"), ("", "{date:%Y%m%d}"))
}
_VARIES = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]+")
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
        path = file.relative_to(root).as_posix()
        if not any(part[0] in "._" for part in path.split("/")):
            sets[_VARIES.sub("*", _with_date(path))].append(file)
    if not sets:
        raise ConfigError(f"{root}: no files to look at")
    return _with_names([_sample(root, pattern, paths) for pattern, paths in sets.items()])


def _with_date(path: str) -> str:
    for pattern, token in _DATES.items():
        path = re.sub(pattern, token, path)
    return path


def _sample(root: Path, pattern: str, files: list[Path]) -> Sample:
    endings = files[0].name.lower().split(".")[1:]
    kind = next((_KINDS[word] for word in endings if word in _KINDS), None)
    if kind is None:
        raise ConfigError(
            f"{files[0]}: neither csv, json lines nor parquet by its name; {', '.join(_PACKED)} may follow"
        )
    looks = (_parquet(file) if kind == "parquet" else _text(file, kind) for file in files)
    form, values = next((look for look in looks if any(look[1].values())), (None, {}))
    if form is None:
        raise ConfigError(f"{files[0]}: holds no record that can be read; --from may leave it out")
    paths = {_with_date(file.relative_to(root).as_posix()) for file in files}
    path = pattern if len(paths) > 1 else paths.pop()
    return Sample(_name(path), path, form, values, "{date" in path)


def _name(path: str) -> str:
    """The first part of a path that says more than a day."""
    parts = (re.sub(r"(\b(dt|date|day|ds)=)?\{[^}]*\}?|\..*", "", part.lower()) for part in path.split("/"))
    names = (re.sub(r"[^a-z0-9]+", "_", word).strip("_") for word in parts)
    return next((name for name in names if re.match("[a-z]", name)), "records")


def _with_names(samples: list[Sample]) -> list[Sample]:
    """The same samples, where the second one of a name, and each later one, has a number in its name."""
    names = [sample.name for sample in samples]
    earlier = [names[:index].count(name) for index, name in enumerate(names)]
    return [
        replace(sample, name=f"{sample.name}_{count + 1}") if count else sample
        for sample, count in zip(samples, earlier, strict=True)
    ]


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
    values: dict[str, list[str]] = {}
    rows = 0
    for batch in read_file_records(file.read_bytes(), file.name, form):
        for fields in batch.column("fields").to_pylist():
            for name, value in fields or ():
                values.setdefault(name, []).append(value)
            rows += 1
            if rows >= _ROWS:
                return values
    return values
