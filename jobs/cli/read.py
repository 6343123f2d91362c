"""`show`, `sql`, `digest`, `status`: published tables without a JVM."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from jobs.cli.app import Format, app, deployment, errors, open_lake, print_rows


@app.command()
def show(
    table: str,
    where: Annotated[str | None, typer.Option(help="SQL condition on the table's columns.")] = None,
    limit: Annotated[int | None, typer.Option(min=0)] = None,
    form: Format = "table",
) -> None:
    """Rows of a published table, without a JVM."""
    from jobs.cli.tables import rows_of, table_named

    print_rows(rows_of(open_lake(), table_named(table), where, limit), form)


@app.command()
def sql(text: str, form: Format = "table") -> None:
    """One SELECT over the published tables, in DuckDB, without access to anything else."""
    from jobs.cli.tables import query

    print_rows(query(open_lake(), text), form)


@app.command()
def digest(table: str) -> None:
    """The canonical digest of a table: equal rows, equal digest."""
    from jobs.cli.tables import digest as digest_of
    from jobs.cli.tables import table_named

    sys.stdout.write(digest_of(open_lake(), table_named(table)) + "\n")


@app.command()
def status(form: Format = "table") -> None:
    """What is published, how far it is closed, and what is not built because its source is not mapped."""
    from jobs.cli.tables import rows_of, table_named

    settings = deployment()
    print_rows(rows_of(open_lake(), table_named("freshness"), None, None), form)
    mapped = {feed.kind for mapping in settings.sources.values() for feed in mapping.feeds.values()}
    for kind in sorted({"orders", "refunds", "users"} - mapped):
        errors.print(f"{kind}: not mapped; what depends on it is not built", highlight=False)
