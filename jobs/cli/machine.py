"""`demo` and `doctor`: something to try, and whether this machine can run it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table as Grid

from conf.errors import ConfigError
from jobs.cli.app import app, screen


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder of the landing files.")],
    seed: Annotated[int, typer.Option(help="Equal seeds give equal files.")] = 7,
    users: Annotated[int, typer.Option(help="Users of the shop.")] = 2500,
    days: Annotated[int, typer.Option(help="Days of its history.")] = 60,
) -> None:
    """Write the landing files of the demo shop and what is true of them."""
    from jobs.demo.shop import generate

    truth = generate(out, seed=seed, users=users, days=days)
    screen.print(
        f"{truth['events']:,} events of {users:,} users on {days} days lie in {out}", highlight=False
    )


@app.command()
def doctor() -> None:
    """Whether this machine has what the pipeline needs."""
    from jobs.setup.doctor import diagnose

    findings = diagnose()
    grid = Grid("what", "found", "wanted", "remedy")
    for finding in findings:
        style = None if finding.is_ok else "red"
        grid.add_row(
            finding.name, finding.found, finding.wanted, "" if finding.is_ok else finding.remedy, style=style
        )
    screen.print(grid)
    if not all(finding.is_ok for finding in findings):
        raise ConfigError("the machine lacks something; the remedies are in the table")
