"""The check that new files have the columns that the mapping reads; without it an absent column would become NULL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow.parquet as pq

from conf.errors import ContractError
from conf.mapping import Feed, FileFormat, Rule
from conf.settings import Settings
from jobs.mapping.expressions import references
from jobs.sources.files.content import Unreadable, beginning
from jobs.sources.files.csv_records import header
from jobs.sources.files.landing import LandedFile


def check_columns(settings: Settings, files: Iterable[LandedFile]) -> None:
    """Compare the headers of CSV files and the schemas of Parquet files with the feeds that read them.

    JSON files are not checked, because each of their records names its own fields. Nor are unreadable files, which are
    quarantined when they are ingested.

    Raises:
        ContractError: a column is missing; names the file, the column and the field of the mapping.
    """
    lacking: dict[tuple[str, str, str], list[str]] = {}
    for file in files:
        source, name = file.input.split(".", 1)
        mapping = settings.sources[source]
        columns = _names(file, mapping.inputs[name].format)
        if columns is None:
            continue
        for feed_name, feed in mapping.feeds.items():
            for field, column in _read_by(feed) if feed.input == name else ():
                if column not in columns and column not in mapping.inputs[name].may_lack:
                    mapping_field = f"feeds.{feed_name}.{field} of {settings.mapping_file(source)}"
                    lacking.setdefault((column, mapping_field, ", ".join(columns)), []).append(file.path)
    if lacking:
        faults = [
            f"{paths[0]}{f' and {len(paths) - 1} more files' if len(paths) > 1 else ''}: "
            f"no column {column!r}, which {mapping_field} reads; the columns are {columns}"
            for (column, mapping_field, columns), paths in lacking.items()
        ]
        raise ContractError("\n".join([*faults, "a column that only newer files have: name it in may_lack"]))


def _names(file: LandedFile, form: FileFormat) -> list[str] | None:
    """The file's columns; None if the file does not name them, or is empty or unreadable."""
    try:
        if form.kind == "parquet":
            return list(pq.read_schema(file.path).names)
        if form.kind == "csv" and form.header:
            return header(beginning(file.path, form.encoding), form) or None
    except (OSError, ValueError, Unreadable):
        return None
    return list(form.names) or None


def _read_by(feed: Feed) -> Iterator[tuple[str, str]]:
    """(field of the feed in its mapping, source column that the field reads)."""
    if feed.key.column is not None:
        yield "key", feed.key.column
    if feed.key.expression is not None:
        yield from (("key", column) for column in references(feed.key.expression))
    for name, rule in feed.columns.items():
        yield from ((f"columns.{name}", column) for column in _of_rule(rule))
    for name, text in feed.filters.items():
        yield from ((f"filters.{name}", column) for column in references(text))
    if feed.exposure is not None:
        yield from (("exposure", column) for column in references(feed.exposure))
    if feed.lines is not None:
        yield "lines", feed.lines.column


def _of_rule(rule: Rule) -> Iterable[str]:
    if rule.expression is not None:
        return references(rule.expression)
    return [rule.column] if rule.column is not None else []
