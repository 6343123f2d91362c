"""`status`, `migrate`, `maintain`: the state of a lake and its upkeep."""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich import box
from rich.table import Table as Grid

from jobs.cli.app import app, deployment, errors, open_lake, screen

if TYPE_CHECKING:
    from jobs.check.results import Gates
    from jobs.pipeline.status import Status

Json = Annotated[bool, typer.Option("--json", help="One JSON object instead of tables for a person.")]


@app.command()
def status(as_json: Json = False) -> None:
    """What is published, how far it is closed, how the last runs ended, and what is not built."""
    from jobs.pipeline.status import status as state_of

    state = state_of(deployment(), open_lake())
    if as_json:
        sys.stdout.write(_json(dataclasses.asdict(state)))
    else:
        _say(state)


@app.command()
def migrate() -> None:
    """Bring a lake that an older program has written to this program's format."""
    from jobs.lake.lock import hold
    from jobs.lake.tables import Lake
    from jobs.notify.watch import watched
    from jobs.upkeep.migrations import migrate as steps_of

    settings = deployment()
    with watched(settings.hook, ("migrate",), errors.print):
        lake = Lake.on_driver(settings.lake, settings.spark, any_format=True)
        with hold(lake):
            done = list(steps_of(lake, settings))
    for step in done:
        screen.print(f"format {step.format_version}: {step.meaning}", highlight=False)
    if not done:
        screen.print("nothing to do: the lake has the current format")


@app.command()
def maintain() -> None:
    """Delete what is past its retention, merge small files, remove files that nobody reads; no number changes."""
    from datetime import UTC, datetime

    from jobs.cli.progress import TerminalProgress
    from jobs.lake.lock import hold
    from jobs.notify.watch import watched
    from jobs.pipeline.run_log import new_run_id, recorded
    from jobs.upkeep.maintain import maintain as tables_of

    settings, lake, run_id = deployment(), open_lake(), new_run_id()
    with TerminalProgress(errors) as progress, watched(settings.hook, ("maintain",), progress.step) as watch:
        watch.run_id = run_id
        with hold(lake), recorded(lake, settings, "maintain", run_id, (None, None)):
            progress.begin_stage("maintain")
            done = tables_of(lake, settings, datetime.now(UTC), progress.step)
    grid = Grid("table", "rows deleted", "files merged", "files removed", box=box.SIMPLE)
    for table in done:
        if table.deleted or table.merged or table.removed:
            grid.add_row(table.table_name, f"{table.deleted:,}", str(table.merged), str(table.removed))
    screen.print(grid if grid.row_count else f"{len(done)} tables are in order")


def _json(value: dict[str, Any]) -> str:
    def iso(moment: Any) -> str:
        return str(moment.isoformat())

    return json.dumps(value, default=iso, ensure_ascii=False, indent=2) + "\n"


def _say(state: Status) -> None:
    if not state.tables:
        screen.print(f"nothing is published in {state.lake}; `activelake run` does it", highlight=False)
    else:
        screen.print(f"{state.lake}: activity is closed through {state.closed_through}", highlight=False)
        grid = Grid("table", "rows", "version", "arrived", "closed", "digest", box=box.SIMPLE)
        for table in state.tables:
            grid.add_row(
                table.table_name.removeprefix("reports."), f"{table.row_count:,}", str(table.table_version),
                _text(table.last_arrival_date), _text(table.closed_through), table.digest[:8],
            )  # fmt: skip
        screen.print(grid)
    if state.runs:
        grid = Grid("run", "command", "seconds", "exit", "from", "to", box=box.SIMPLE, pad_edge=False)
        for row in state.runs:
            seconds = (row["finished_at"] - row["started_at"]).total_seconds() if row["finished_at"] else None
            grid.add_row(
                row["run_id"], row["command"], "" if seconds is None else f"{seconds:.0f}",
                _text(row["exit_code"]), _text(row["date_from"]), _text(row["date_to"]),
                style="red" if row["exit_code"] else None,
            )  # fmt: skip
        screen.print(grid)
    _say_gates(state.gates)
    for missing in state.not_mapped:
        tables = f"; {', '.join(missing.tables)} has nothing from it" if missing.tables else ""
        screen.print(f"{missing.kind}: not mapped{tables}", highlight=False)


def _say_gates(gates: Gates | None) -> None:
    if gates is None:
        return
    line = f"gates of run {gates.run_id}: {gates.evaluated - len(gates.failed)} of {gates.evaluated} hold"
    screen.print(line, highlight=False)
    for row in gates.failed:
        observed = f" ({row['observed']})" if row["observed"] else ""
        screen.print(f"  {row['severity']}: {row['table_name']}: {row['rule']}{observed}", highlight=False)


def _text(value: object) -> str:
    return "" if value is None else str(value)
