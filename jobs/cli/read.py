"""`show`, `sql`, `describe`, `digest`: tables, and what they hold, without a JVM."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from jobs.cli.app import Format, TableName, app, open_lake
from jobs.cli.names import RAW, table_named, table_names
from jobs.cli.output import print_rows

DescribedName = Annotated[
    str,
    typer.Argument(
        help="Name as layer.table, or without its layer; raw is the form of every raw table.",
        autocompletion=lambda: [*table_names(), RAW],
    ),
]


@app.command()
def show(
    table: TableName,
    where: Annotated[str | None, typer.Option(help="SQL condition on the table's columns.")] = None,
    limit: Annotated[int | None, typer.Option(min=0, help="Rows at most.")] = None,
    form: Format = "table",
) -> None:
    """Rows of a table, without a JVM."""
    chosen = table_named(table)
    from jobs.lake.select import rows_of

    print_rows(rows_of(open_lake(), chosen, where, limit), form)


@app.command()
def sql(text: Annotated[str, typer.Argument(help="The SELECT.")], form: Format = "table") -> None:
    """One SELECT over all tables of clean, facts, reports and ops, in DuckDB, without access to anything else."""
    from jobs.lake.select import query

    print_rows(query(open_lake(), text), form)


@app.command()
def describe(table: DescribedName, form: Format = "table") -> None:
    """What a table holds: grain, key, columns, metrics, what may be added up, and a query to start from; needs no lake."""
    from jobs.cli.description import described
    from jobs.cli.dictionary import print_description

    print_description(described(table), form)


@app.command()
def digest(table: TableName) -> None:
    """The canonical digest of a table: equal rows, equal digest."""
    chosen = table_named(table)
    from jobs.publish.digest import table_digest

    sys.stdout.write(table_digest(open_lake(), chosen) + "\n")
