"""`backfill`, `replay`: published days are changed, for a reason and for somebody."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.table import Table as Grid

from conf.errors import ConfigError
from jobs.cli.app import app, days_of, deployment, errors, screen, source_option
from jobs.cli.pipeline import carry_out

if TYPE_CHECKING:
    from jobs.publish.difference import Difference

First = Annotated[str, typer.Option("--from", metavar="YYYY-MM-DD", help="First day.")]
Last = Annotated[str, typer.Option("--to", metavar="YYYY-MM-DD", help="Last day.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept in ops.run.")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who asks for it; kept in ops.run.")]


@app.command()
def backfill(
    date_from: First,
    date_to: Last,
    reason: Reason,
    by: By,
    is_dry: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change in each table, and change nothing.")
    ] = False,
) -> None:
    """Compute event dates again from the clean tables, in one pass, check and publish them.

    Events of these dates that came too late are counted from then on. Later days are computed as well where the facts have changed on which they build.
    """
    from jobs.cli.progress import TerminalProgress
    from jobs.pipeline.backfill import backfill as do
    from jobs.pipeline.backfill import preview
    from jobs.pipeline.run_log import ChangeReason

    settings, days, change_reason = deployment(), _both(date_from, date_to), ChangeReason(reason, by)
    if not is_dry:
        carry_out(settings, partial(do, settings, days, change_reason))
        return
    with TerminalProgress(errors) as progress:
        changes = preview(settings, days, change_reason, progress)
    _say_differences(changes.differences)
    if changes.late_events:
        screen.print(f"{changes.late_events:,} late events would enter", highlight=False)


@app.command()
def replay(
    date_from: First,
    date_to: Last,
    reason: Reason,
    by: By,
    source: Annotated[str | None, source_option("Files of this mapping only; by default of all.")] = None,
) -> None:
    """Read the landed files of arrival days anew, as they are now, and publish what follows from them.

    Later files of the same kinds of feeds are read again too, through the last processed day, since their duplicates
    and user intervals build on the replayed ones; those of sums of lines from the first day on. All of them must
    still lie where they landed, unchanged but for those of the days.
    """
    from jobs.calendar.dates import dates
    from jobs.pipeline.replay import replay as do
    from jobs.pipeline.run import require_source
    from jobs.pipeline.run_log import ChangeReason

    settings, (first, last), change_reason = deployment(), _both(date_from, date_to), ChangeReason(reason, by)
    require_source(settings, source)
    sources = [source] if source is not None else list(settings.sources)
    carry_out(settings, partial(do, settings, dict.fromkeys(sources, set(dates(first, last))), change_reason))


def _both(date_from: str, date_to: str) -> tuple[dt.date, dt.date]:
    first, last = days_of(None, date_from, date_to)
    if first is None or last is None:
        raise ConfigError("--from and --to are empty")
    return first, last


def _say_differences(differences: list[Difference]) -> None:
    """What the approver reads."""
    grid = Grid("table", "days", "rows now", "rows then", "added", "removed", "changed", box=box.SIMPLE)
    for one in differences:
        days = f"{one.days[0]} to {one.days[1]}" if one.days else "all"
        counts = (one.now, one.then, one.added, one.removed, one.changed)
        grid.add_row(one.table_name, days, *(f"{count:,}" for count in counts))
    screen.print(grid)
    changing = [one.table_name for one in differences if not one.is_none]
    screen.print(
        f"would change: {', '.join(changing)}" if changing else "nothing would change", highlight=False
    )
