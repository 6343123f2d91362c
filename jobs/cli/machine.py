"""`demo` and `doctor`: something to try, and whether this machine can run it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress
from rich.table import Table as Grid

from conf.errors import ConfigError
from jobs.cli.app import app, screen


@app.command()
def demo(
    out: Annotated[
        Path, typer.Option(help="Folder of the landing files; what an earlier demo wrote is replaced.")
    ],
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same bytes.")] = 7,
    users: Annotated[int, typer.Option(min=1, help="Accounts of the shop.")] = 2500,
    days: Annotated[int, typer.Option(min=1, max=3650, help="Days from 2026-03-01 on.")] = 60,
    events: Annotated[
        int | None, typer.Option(min=1, help="About so many events, instead of a number of users.")
    ] = None,
    faults: Annotated[
        float, typer.Option(min=0, max=10, help="How often something is wrong: 1 as usual, 0 never.")
    ] = 1.0,
    form: Annotated[
        str,
        typer.Option(
            "--format", help="mixed: half of the events as gzip JSON lines; parquet: all as Parquet."
        ),
    ] = "mixed",
    plant: Annotated[
        list[str] | None,
        typer.Option(
            help="A cause to find again, repeatable: outage:SCENE:DATE[:DATE], vanished:EVENT_TYPE:DATE, "
            "late_file:DATE:DAYS."
        ),
    ] = None,
) -> None:
    """Write the landing files of the demo shop and what is true of them."""
    from jobs.dev.demo.shop import generate, users_for

    count = users if events is None else users_for(events, seed=seed, days=days)
    with Progress(*Progress.get_default_columns(), console=screen, transient=True) as bar:
        truth = generate(
            out, seed=seed, users=count, days=days, faults=faults, form=form, plants=plant or (),
            track=lambda what, each: bar.track(each, total=days, description=what),
        )  # fmt: skip
    screen.print(
        f"{truth['events']:,} events of {count:,} users on {days} days lie in {out}", highlight=False
    )


@app.command()
def doctor() -> None:
    """Whether this machine has what the pipeline needs."""
    from jobs.dev.setup.doctor import diagnose

    findings = diagnose()
    grid = Grid("what", "found", "wanted", "remedy")
    for finding in findings:
        style = None if finding.is_ok else "red"
        grid.add_row(
            finding.name,
            finding.actual,
            finding.expected,
            "" if finding.is_ok else finding.remedy,
            style=style,
        )
    screen.print(grid)
    if not all(finding.is_ok for finding in findings):
        raise ConfigError("the machine lacks something; the remedies are in the table")
