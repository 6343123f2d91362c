"""`run` and its stages."""

from __future__ import annotations

import sys
from collections.abc import Callable
from os.path import relpath
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table as Grid

from jobs.cli.app import (
    Day,
    DayFrom,
    DayTo,
    app,
    days_of,
    deployment,
    errors,
    open_lake,
    screen,
    source_option,
)

if TYPE_CHECKING:
    from conf.settings import Settings
    from jobs.pipeline.stages import Outcome, Progress


def _pipeline(
    stages: tuple[str, ...],
    date: str | None,
    date_from: str | None,
    date_to: str | None,
    source: str | None = None,
) -> None:
    from jobs.pipeline.run import run

    settings, days = deployment(), days_of(date, date_from, date_to)
    carry_out(settings, lambda progress: run(settings, stages, *days, progress, source))


def carry_out(settings: Settings, work: Callable[[Progress], Outcome]) -> None:
    """Do what changes a lake, show how far it is, and say what it did: messages, warnings, published tables."""
    from jobs.cli.progress import TerminalProgress

    with TerminalProgress(errors) as progress:
        outcome = work(progress)
    for line in outcome.messages:
        screen.print(line, highlight=False)
    for line in outcome.warnings:
        screen.print(f"[yellow]warning[/yellow] {line}", highlight=False)
    if outcome.published:
        _say_published(settings, outcome.published)


def _say_published(settings: Settings, published: list[tuple[str, int, int]]) -> None:
    grid = Grid("table", "rows of these days", "version", "where")
    for name, rows, version in published:
        grid.add_row(name, f"{rows:,}", str(version), f"{settings.lake}/{name.replace('.', '/')}")
    screen.print(grid)
    program = "activelake" if which("activelake") else relpath(Path(sys.executable).with_name("activelake"))
    screen.print(
        "Look at them:\n"
        f"  {program} --lake {settings.lake} show activity_daily --where \"scope_type = 'scene'\" --limit 10\n"
        f"  {program} --lake {settings.lake} sql \"select activity_date, dau, mau28 from activity_daily "
        "where scope_type = 'all' order by 1 desc limit 7\"",
        highlight=False, soft_wrap=True,
    )  # fmt: skip


@app.command()
def run(
    date: Day = None,
    date_from: DayFrom = None,
    date_to: DayTo = None,
    plan: Annotated[bool, typer.Option("--plan", help="Say what would be done, and why.")] = False,
) -> None:
    """Ingest, compute, check and publish what has landed: an arrival day, a range, or all that is new."""
    from jobs.pipeline.run import STAGES

    if not plan:
        _pipeline(STAGES, date, date_from, date_to)
        return
    from jobs.mapping.check import check_settings
    from jobs.pipeline.plan import plan as planned

    settings = deployment()
    check_settings(settings)
    steps = planned(settings, open_lake(), *days_of(date, date_from, date_to)).describe()
    grid = Grid("what", "from", "to", "why")
    for step in steps:
        grid.add_row(*step)
    screen.print(grid if steps else "nothing to do: everything that has landed is published")


@app.command()
def ingest(
    date: Day = None,
    date_from: DayFrom = None,
    date_to: DayTo = None,
    source: Annotated[
        str | None,
        source_option("Files of this mapping only; others may be ingested at the same time."),
    ] = None,
) -> None:
    """Landed files → raw and clean tables."""
    _pipeline(("ingest",), date, date_from, date_to, source)


@app.command()
def compute(
    date: Day = None,
    date_from: DayFrom = None,
    date_to: DayTo = None,
) -> None:
    """Clean tables → facts and staged reports."""
    _pipeline(("compute",), date, date_from, date_to)


@app.command()
def check() -> None:
    """Audit the staged reports; a critical failure is exit code 5."""
    _pipeline(("check",), None, None, None)


@app.command()
def publish() -> None:
    """Replace the audited days of the published tables."""
    _pipeline(("publish",), None, None, None)
