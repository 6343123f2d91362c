"""Rows on the screen: as a table for a person, or as records where it is wider than the screen; as csv or as json."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.table import Table as Grid
from rich.text import Text

from conf.errors import must_be_one_of
from jobs.cli.app import FORMATS, screen

if TYPE_CHECKING:
    import pyarrow as pa

_UNBOUNDED = 1_000_000
"""Columns of a screen on which every table would fit."""


def print_rows(rows: pa.Table, form: str) -> None:
    """Rows in one of the forms.

    Raises:
        ConfigError: there is no such form.
    """
    must_be_one_of(FORMATS, "--format", form)
    if form != "table":
        sys.stdout.write(rendered(rows, form))
        return
    cells = [[plain(value) for value in row.values()] for row in rows.to_pylist()]
    grid = Grid(*rows.column_names)
    for row in cells:
        grid.add_row(*row)
    if screen.measure(grid, options=screen.options.update_width(_UNBOUNDED)).maximum <= screen.width:
        screen.print(grid)
    else:
        _print_records(rows.column_names, cells)


def _print_records(names: Sequence[str], rows: Sequence[Sequence[Text]]) -> None:
    for number, row in enumerate(rows, start=1):
        screen.print(f"{number}:", highlight=False)
        record = Grid.grid(padding=(0, 2))
        record.add_column(style="dim")
        record.add_column(overflow="fold")
        for name, value in zip(names, row, strict=True):
            record.add_row(name, value)
        screen.print(record)


def plain(value: object) -> Text:
    """A value as text that is neither markup nor a command to the terminal, since it may come from anywhere."""
    text = "" if value is None else str(value)
    return Text("".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text))


def rendered(rows: pa.Table, form: str) -> str:
    """Rows as csv (NULL is empty) or json (a list of objects, dates as ISO text, NULL as null)."""
    if form == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(rows.column_names)
        writer.writerows([_csv(value) for value in row.values()] for row in rows.to_pylist())
        return out.getvalue()
    return "[" + ",\n ".join(_object(row) for row in rows.to_pylist()) + "]\n"


def _csv(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value


def _object(row: dict[str, Any]) -> str:
    parts = (f"{json.dumps(name)}: {_value(value)}" for name, value in row.items())
    return "{" + ", ".join(parts) + "}"


def _value(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.date | dt.datetime):
        return json.dumps(value.isoformat())
    if isinstance(value, float) and not math.isfinite(value):
        return "null"
    return json.dumps(value, ensure_ascii=False, default=str)
