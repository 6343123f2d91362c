"""`new`: every file of a new source, kind of feed, metric, report or report family."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jobs.cli.app import app, screen

new = typer.Typer(
    help="Files of a new source, kind of feed, metric, report or report family, in a checkout.",
    no_args_is_help=True,
)
app.add_typer(new, name="new")
Name = Annotated[str, typer.Argument(help="Small letters, digits and _.")]


@new.command()
def source(name: Name) -> None:
    """A mapping of another system's files, a landed file and its test."""
    from jobs.dev.scaffold.writing import new_source

    _say(new_source(name))


@new.command()
def kind(name: Name) -> None:
    """A kind of feed: its declaration, its clean table with columns, and a test that lands records of it."""
    from jobs.dev.scaffold.writing import new_kind

    _say(new_kind(name))


@new.command()
def metric(name: Name) -> None:
    """An entry of reports.activity_daily, its entry in the oracle, and their test."""
    from jobs.dev.scaffold.writing import new_metric

    _say(new_metric(name))


@new.command()
def report(name: Name) -> None:
    """A report per day and scope, and its test."""
    from jobs.dev.scaffold.writing import new_report

    _say(new_report(name))


@new.command()
def family(name: Name) -> None:
    """Reports that are built in a way of their own: what they read, how they are made, and their test."""
    from jobs.dev.scaffold.writing import new_family

    _say(new_family(name))


def _say(paths: list[Path]) -> None:
    from jobs.dev.scaffold.writing import finish

    finish(paths)
    for path in paths:
        screen.print(f"wrote {path}", highlight=False, soft_wrap=True)
    screen.print(
        "It works as it is; change it into what you need, then: make docs, make check", highlight=False
    )
