"""The Typer application, and what the commands share: parameters, screens, the lake, days."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from conf.errors import ConfigError
from jobs.cli.names import source_names, table_names
from jobs.cli.options import Commands, deployment, options

if TYPE_CHECKING:
    from jobs.lake.tables import Lake

app = typer.Typer(
    cls=Commands, callback=options, help="Checked, reproducible activity metrics per scene, tool and service.",
    no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="markdown",
)  # fmt: skip
screen, errors = Console(), Console(stderr=True)
FORMATS = ("table", "csv", "json")
Day = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="One day only.")]
DayFrom = Annotated[str | None, typer.Option("--from", metavar="YYYY-MM-DD", help="First day.")]
DayTo = Annotated[str | None, typer.Option("--to", metavar="YYYY-MM-DD", help="Last day.")]
TableName = Annotated[
    str, typer.Argument(help="Name as layer.table, or without its layer.", autocompletion=table_names)
]
Format = Annotated[
    str, typer.Option("--format", help="table, csv or json.", autocompletion=lambda: [*FORMATS])
]


def source_option(help_text: str) -> Any:
    """An option that names a mapping, or nothing."""
    return typer.Option(metavar="NAME", help=help_text, autocompletion=source_names)


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
