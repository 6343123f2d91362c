"""`alert`: what the scheduler calls besides the stages."""

from __future__ import annotations

from typing import Annotated

import typer

from jobs.cli.app import app, deployment, errors, open_lake


@app.command()
def alert(
    name: Annotated[str, typer.Argument(help="What the alert is about, such as deadline_missed.")],
    scheduled_run: Annotated[str, typer.Option("--run", help="Run of the scheduler.")],
    message: Annotated[str, typer.Option(help="What happened, in words.")],
) -> None:
    """Record in ops.alert that a scheduled run is late, and tell the hook."""
    from jobs.notify.alert import raise_alert

    fault = raise_alert(deployment(), open_lake(), name, scheduled_run, message)
    if fault:
        errors.print(f"hook: {fault}", highlight=False)
