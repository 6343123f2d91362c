"""`quarantine`: the records that were refused, without a JVM, and their way back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from jobs.cli.app import DayFrom, DayTo, Format, app, days_of, deployment, open_lake, source_option
from jobs.cli.change import By
from jobs.cli.output import print_rows
from jobs.cli.pipeline import carry_out

if TYPE_CHECKING:
    from jobs.pipeline.quarantine import Choice

quarantine = typer.Typer(help="The records that were refused.", no_args_is_help=True)
app.add_typer(quarantine, name="quarantine")
Source = Annotated[str | None, source_option("Records of this mapping, or of one feed as mapping.feed.")]
ReasonCode = Annotated[str | None, typer.Option("--reason", metavar="CODE", help="Records with this reason.")]
Limit = Annotated[int | None, typer.Option(min=0, help="Rows at most.")]


@quarantine.command("list")
def list_counts(
    source: Source = None,
    reason: ReasonCode = None,
    date_from: DayFrom = None,
    date_to: DayTo = None,
    limit: Limit = None,
    form: Format = "table",
) -> None:
    """How many records were refused, by source, reason, arrival day and contract version."""
    from jobs.pipeline.quarantine import counted

    choice = _choice(source, reason, date_from, date_to)
    print_rows(counted(open_lake(), deployment(), choice, limit), form)


@quarantine.command("show")
def show_records(
    source: Source = None,
    reason: ReasonCode = None,
    date_from: DayFrom = None,
    date_to: DayTo = None,
    limit: Limit = None,
    form: Format = "table",
) -> None:
    """The refused records as they were received, with file, position and the rule that failed."""
    from jobs.pipeline.quarantine import records

    choice = _choice(source, reason, date_from, date_to)
    print_rows(records(open_lake(), deployment(), choice, limit), form)


@quarantine.command("requeue")
def requeue(
    requeue_reason: Annotated[
        str, typer.Option("--because", help="Why they are right now; kept in ops.run.")
    ],
    by: By,
    source: Source = None,
    reason: ReasonCode = None,
    date_from: DayFrom = None,
    date_to: DayTo = None,
) -> None:
    """Replay the arrival days of refused records, such as after their mapping was mended; see `replay`."""
    from jobs.pipeline.quarantine import arrivals
    from jobs.pipeline.replay import replay
    from jobs.pipeline.run_log import ChangeReason

    settings, change_reason = deployment(), ChangeReason(requeue_reason, by)
    wanted = arrivals(open_lake(), settings, _choice(source, reason, date_from, date_to))
    carry_out(settings, partial(replay, settings, wanted, change_reason))


def _choice(source: str | None, reason: str | None, date_from: str | None, date_to: str | None) -> Choice:
    from jobs.pipeline.quarantine import Choice

    return Choice(source, reason, days_of(None, date_from, date_to))
