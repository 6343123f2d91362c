"""`landed`, `alert`: what a scheduler calls besides the stages."""

from __future__ import annotations

from typing import Annotated

import typer

from conf.errors import ConfigError
from jobs.cli.app import app, day_of, deployment, errors, open_lake, screen


@app.command()
def landed(date: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Arrival day.")]) -> None:
    """Whether every required source has landed the day; exit code 3 while one has not."""
    from jobs.arrival.awaited import require_landed
    from jobs.sources.files.landing import landed as on_disk

    settings, day = deployment(), day_of(date, "--date")
    if day is None:
        raise ConfigError("--date: is empty")
    require_landed(settings, on_disk(settings), day)
    screen.print(f"{day} has landed", highlight=False)


@app.command()
def alert(
    name: Annotated[str, typer.Argument(help="deadline_missed or task_failed.")],
    scheduled_run: Annotated[str, typer.Option("--run", help="Run of the scheduler.")],
    message: Annotated[str, typer.Option(help="What happened, in words.")],
) -> None:
    """Record in ops.alert what went wrong with a scheduled run, and tell the hook."""
    from jobs.notify.alert import raise_alert

    fault = raise_alert(deployment(), open_lake(), name, scheduled_run, message)
    if fault:
        errors.print(f"hook: {fault}", highlight=False)
