"""The Typer application, the options that stand before every command, and what the commands share."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from conf.errors import ConfigError, must_be_one_of
from conf.settings import Settings, load

if TYPE_CHECKING:
    import pyarrow as pa

    from jobs.lake.tables import Lake

app = typer.Typer(
    help="Checked, reproducible activity metrics per scene, tool and service.",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="markdown",
)  # fmt: skip
screen, errors = Console(), Console(stderr=True)
FORMATS = ("table", "csv", "json")
_UNBOUNDED = 1_000_000
"""Columns of a screen on which every table would fit."""
Day = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="One day only.")]
DayFrom = Annotated[str | None, typer.Option("--from", metavar="YYYY-MM-DD", help="First day.")]
DayTo = Annotated[str | None, typer.Option("--to", metavar="YYYY-MM-DD", help="Last day.")]
TableName = Annotated[str, typer.Argument(help="Name as layer.table, or the bare name of a report.")]
Format = Annotated[str, typer.Option("--format", help="table, csv or json.")]


class _Options:
    """The options that stand before the command."""

    conf: Path | None = None
    lake: str | None = None
    profile: str | None = None


@app.callback()
def options(
    conf: Annotated[
        Path | None, typer.Option(help="Folder laid over the shipped conf (ACTIVELAKE_CONF).")
    ] = None,
    lake: Annotated[str | None, typer.Option(help="Folder or URI of all tables (ACTIVELAKE_LAKE).")] = None,
    profile: Annotated[
        str | None, typer.Option(help="Name of a settings file, such as dev or prod (ACTIVELAKE_PROFILE).")
    ] = None,
    debug: Annotated[bool, typer.Option(help="Show stack traces.")] = False,
) -> None:
    """Options of every command; main reads --debug, since it also explains what fails before this."""
    _Options.conf, _Options.lake, _Options.profile = conf, lake, profile


def deployment() -> Settings:
    """The settings that the options name.

    Raises:
        ConfigError: they are not in order, or a feed is of no kind that is declared.
    """
    from jobs.mapping.kinds import check_kinds

    settings = load(_Options.conf, _Options.lake, _Options.profile)
    check_kinds(settings)
    return settings


def open_lake() -> Lake:
    """The lake that the options name; without Spark, unless nothing else can open it."""
    from jobs.lake.tables import Lake

    settings = deployment()
    return Lake.on_driver(settings.lake, settings.spark)


def day_of(text: str | None, name: str) -> dt.date | None:
    """A day given as text.

    Raises:
        ConfigError: it is no date.
    """
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ConfigError(f"{name}: {text!r} is no date of the form YYYY-MM-DD") from error


def days_of(
    date: str | None, date_from: str | None, date_to: str | None
) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of --date or of --from and --to.

    Raises:
        ConfigError: they contradict each other.
    """
    if date and (date_from or date_to):
        raise ConfigError("give either --date or --from and --to")
    if date:
        return day_of(date, "--date"), day_of(date, "--date")
    first, last = day_of(date_from, "--from"), day_of(date_to, "--to")
    if first and last and last < first:
        raise ConfigError("--to lies before --from")
    return first, last


def print_rows(rows: pa.Table, form: str) -> None:
    """Rows as a table for a person, or as records where it is wider than the screen; as csv or as json."""
    from jobs.cli.tables import rendered

    must_be_one_of(FORMATS, "--format", form)
    if form != "table":
        sys.stdout.write(rendered(rows, form))
        return
    found = [[_plain(value) for value in row.values()] for row in rows.to_pylist()]
    grid = Grid(*rows.column_names)
    for row in found:
        grid.add_row(*row)
    if screen.measure(grid, options=screen.options.update_width(_UNBOUNDED)).maximum <= screen.width:
        screen.print(grid)
    else:
        _print_records(rows.column_names, found)


def _print_records(names: Sequence[str], rows: Sequence[Sequence[Text]]) -> None:
    for number, row in enumerate(rows, start=1):
        screen.print(f"{number}:", highlight=False)
        record = Grid.grid(padding=(0, 2))
        record.add_column(style="dim")
        record.add_column(overflow="fold")
        for name, value in zip(names, row, strict=True):
            record.add_row(name, value)
        screen.print(record)


def _plain(value: object) -> Text:
    """A value as text that is neither markup nor a command to the terminal, since it may come from anywhere."""
    text = "" if value is None else str(value)
    return Text("".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text))
