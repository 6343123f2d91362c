"""`activelake`: the pipeline's stages, and readers of what it published."""

from __future__ import annotations

import datetime as dt
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer
from rich.console import Console
from rich.table import Table as Grid

from conf.errors import ConfigError
from conf.settings import Settings, load
from jobs.cli.errors import explained

if TYPE_CHECKING:
    import pyarrow as pa

    from jobs.lake import Lake

app = typer.Typer(
    help="Checked, reproducible activity metrics per scene, tool and service.",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
)  # fmt: skip
config = typer.Typer(help="The settings of the deployment.", no_args_is_help=True)
members_app = typer.Typer(help="Scenes, tools and services.", no_args_is_help=True)
app.add_typer(config, name="config")
app.add_typer(members_app, name="members")
screen, errors = Console(), Console(stderr=True)


class _Options:
    """The options that stand before the command."""

    conf: Path | None = None
    lake: str | None = None
    debug: bool = False


Day = Annotated[Optional[str], typer.Option(metavar="YYYY-MM-DD")]  # noqa: UP045


@app.callback()
def options(
    conf: Annotated[
        Path | None, typer.Option(help="Folder laid over the shipped conf (ACTIVELAKE_CONF).")
    ] = None,  # noqa: UP045
    lake: Annotated[str | None, typer.Option(help="Folder or URI of all tables (ACTIVELAKE_LAKE).")] = None,  # noqa: UP045
    debug: Annotated[bool, typer.Option(help="Show stack traces.")] = False,
) -> None:
    """Options of every command."""
    _Options.conf, _Options.lake, _Options.debug = conf, lake, debug


def _settings() -> Settings:
    return load(_Options.conf, _Options.lake)


def _lake() -> Lake:
    from jobs.lake import Lake

    return Lake(_settings().lake)


def _day(text: str | None, name: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ConfigError(f"{name}: {text!r} is no date of the form YYYY-MM-DD") from error


def _days(
    date: str | None, date_from: str | None, date_to: str | None
) -> tuple[dt.date | None, dt.date | None]:
    if date and (date_from or date_to):
        raise ConfigError("give either --date or --from and --to")
    first, last = _day(date or date_from, "--from"), _day(date or date_to, "--to")
    if first and last and last < first:
        raise ConfigError("--to lies before --from")
    return first, last


def _pipeline(stages: tuple[str, ...], date: str | None, date_from: str | None, date_to: str | None) -> None:
    from jobs.cli.progress import TerminalProgress
    from jobs.run import run

    settings = _settings()
    with TerminalProgress(errors) as progress:
        outcome = run(settings, stages, *_days(date, date_from, date_to), progress)
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
    screen.print(
        "Look at them:\n"
        f"  activelake --lake {settings.lake} show activity_daily --where \"scope_type = 'scene'\" --limit 10\n"
        f"  activelake --lake {settings.lake} sql \"select activity_date, dau, mau28 from activity_daily "
        "where scope_type = 'all' order by 1 desc limit 7\"",
        highlight=False, soft_wrap=True,
    )  # fmt: skip


@app.command()
def run(
    date: Day = None,
    date_from: Annotated[Optional[str], typer.Option("--from", metavar="YYYY-MM-DD")] = None,  # noqa: UP045
    date_to: Annotated[Optional[str], typer.Option("--to", metavar="YYYY-MM-DD")] = None,  # noqa: UP045
    plan: Annotated[bool, typer.Option("--plan", help="Say what would be done, and why.")] = False,
) -> None:
    """Ingest, compute, check and publish what has landed: an arrival day, a range, or all that is new."""
    from jobs.run import STAGES

    if not plan:
        _pipeline(STAGES, date, date_from, date_to)
        return
    from jobs.plan import plan as planned

    settings = _settings()
    steps = planned(settings, _lake(), *_days(date, date_from, date_to)).describe()
    grid = Grid("what", "from", "to", "why")
    for step in steps:
        grid.add_row(*step)
    screen.print(grid if steps else "nothing to do: everything that has landed is published")


@app.command()
def ingest(
    date: Day = None,
    date_from: Annotated[Optional[str], typer.Option("--from", metavar="YYYY-MM-DD")] = None,  # noqa: UP045
    date_to: Annotated[Optional[str], typer.Option("--to", metavar="YYYY-MM-DD")] = None,  # noqa: UP045
) -> None:
    """Landed files → raw and clean tables."""
    _pipeline(("ingest",), date, date_from, date_to)


@app.command()
def compute(
    date: Day = None,
    date_from: Annotated[Optional[str], typer.Option("--from", metavar="YYYY-MM-DD")] = None,  # noqa: UP045
    date_to: Annotated[Optional[str], typer.Option("--to", metavar="YYYY-MM-DD")] = None,  # noqa: UP045
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


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder of the landing files.")],
    seed: int = 7,
    users: int = 2500,
    days: int = 60,
) -> None:
    """Write the landing files of the demo shop and what is true of them."""
    from jobs.demo.shop import generate

    truth = generate(out, seed=seed, users=users, days=days)
    screen.print(
        f"{truth['events']:,} events of {users:,} users on {days} days lie in {out}", highlight=False
    )


def _print(rows: pa.Table, form: str) -> None:
    from jobs.cli.tables import FORMATS, rendered

    if form not in FORMATS:
        raise ConfigError(f"--format: {form!r} is none of {', '.join(FORMATS)}")
    if form != "table":
        sys.stdout.write(rendered(rows, form))
        return
    grid = Grid(*rows.column_names)
    for row in rows.to_pylist():
        grid.add_row(*("" if value is None else str(value) for value in row.values()))
    screen.print(grid)


@app.command()
def show(
    table: str,
    where: Annotated[Optional[str], typer.Option(help="SQL condition on the table's columns.")] = None,  # noqa: UP045
    limit: Annotated[Optional[int], typer.Option(min=0)] = None,  # noqa: UP045
    form: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
) -> None:
    """Rows of a published table, without a JVM."""
    from jobs.cli.tables import rows_of, table_named

    _print(rows_of(_lake(), table_named(table), where, limit), form)


@app.command()
def sql(
    text: str, form: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table"
) -> None:
    """One SELECT over the published tables, in DuckDB, without access to anything else."""
    from jobs.cli.tables import query

    _print(query(_lake(), text), form)


@app.command()
def digest(table: str) -> None:
    """The canonical digest of a table: equal rows, equal digest."""
    from jobs.cli.tables import digest as digest_of
    from jobs.cli.tables import table_named

    sys.stdout.write(digest_of(_lake(), table_named(table)) + "\n")


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Folder of the new deployment.")],
    files: Annotated[list[Path], typer.Option("--from", help="A folder or files to look at.")],
) -> None:
    """Look at real files and write a first mapping; what is not sure is left open."""
    from jobs.init.draft import write
    from jobs.init.sample import look

    for path in files:
        if not path.exists():
            raise ConfigError(f"{path}: no such file or folder (--from)")
    root = files[0].resolve() if files[0].is_dir() else files[0].resolve().parent
    found = [
        f.resolve() for path in files for f in (path.rglob("*") if path.is_dir() else [path]) if f.is_file()
    ]
    source = re.sub(r"[^a-z0-9]+", "_", root.name.lower()).strip("_") or "source"
    for path in write(folder, source, root, look(root, found)):
        screen.print(f"wrote {path}", highlight=False)
    screen.print(
        "fill in every TODO, then: activelake --conf " + str(folder) + " config check", highlight=False
    )


@config.command("check")
def config_check() -> None:
    """Whether settings, members and mappings can be executed."""
    from jobs.mapping.check import check_settings

    settings = _settings()
    check_settings(settings)
    screen.print(f"{len(settings.sources)} mappings and {len(settings.members)} members files are in order")


@config.command("show")
def config_show() -> None:
    """The settings as they are after all folders and variables were laid over each other."""
    sys.stdout.write(_settings().model_dump_json(indent=2) + "\n")


@members_app.command("discover")
def members_discover(
    form: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
) -> None:
    """Codes that the events carry, when each was first seen, and whether it is listed in conf/members."""
    from jobs.cli.codes import codes

    _print(codes(_lake(), _settings()), form)


@app.command()
def status(form: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table") -> None:
    """What is published, how far it is closed, and what is not built because its source is not mapped."""
    from jobs.cli.tables import rows_of, table_named

    settings = _settings()
    _print(rows_of(_lake(), table_named("freshness"), None, None), form)
    mapped = {feed.kind for mapping in settings.sources.values() for feed in mapping.feeds.values()}
    for kind in sorted({"orders", "refunds", "users"} - mapped):
        errors.print(f"{kind}: not mapped; what depends on it is not built", highlight=False)


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


def main() -> None:
    """Entry point: the exit code says what happened (README, Exit codes)."""
    sys.exit(explained(lambda: app(standalone_mode=True), "--debug" in sys.argv))
