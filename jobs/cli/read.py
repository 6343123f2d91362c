"""`show`, `sql`, `digest`: published tables without a JVM."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from jobs.cli.app import Format, TableName, app, open_lake, print_rows


@app.command()
def show(
    table: TableName,
    where: Annotated[str | None, typer.Option(help="SQL condition on the table's columns.")] = None,
    limit: Annotated[int | None, typer.Option(min=0, help="Rows at most.")] = None,
    form: Format = "table",
) -> None:
    """Rows of a published table, without a JVM."""
    from jobs.cli.tables import rows_of, table_named

    print_rows(rows_of(open_lake(), table_named(table), where, limit), form)


@app.command()
def sql(text: Annotated[str, typer.Argument(help="The SELECT.")], form: Format = "table") -> None:
    """One SELECT over the published tables, in DuckDB, without access to anything else."""
    from jobs.cli.tables import query

    print_rows(query(open_lake(), text), form)


@app.command()
def digest(table: TableName) -> None:
    """The canonical digest of a table: equal rows, equal digest."""
    from jobs.cli.tables import digest as digest_of
    from jobs.cli.tables import table_named

    sys.stdout.write(digest_of(open_lake(), table_named(table)) + "\n")
