"""Reading tables without a JVM: rows of one table, or one SELECT over all of them, in a locked-down DuckDB.

DuckDB pushes columns and filters down into the files: what a statement does not name is not read.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.dataset import Dataset

from conf.errors import ConfigError
from jobs.lake.tables import Lake
from schemas.catalog import BARE_NAMES, TABLES
from schemas.contract import LAYERS, Table

_RAISED = "Invalid Input Error: "
"""How DuckDB begins a message that the statement itself raises."""


def not_written(lake: Lake, table: Table) -> str:
    """The sentence about a table that exists and has no rows yet, since nothing has written it."""
    return f"{table.name}: not written yet in {lake.root}; `activelake run` makes it"


def require_written(lake: Lake, table: Table) -> None:
    """Refuse a table that has no first version.

    Raises:
        ConfigError: it was never written.
    """
    if not lake.exists(table):
        raise ConfigError(not_written(lake, table))


def rows_of(lake: Lake, table: Table, where: str | None, limit: int | None) -> pa.Table:
    """Rows of one table by its key, filtered by an SQL condition.

    With a limit only days that can hold the first rows are read, where the key begins with the day.

    Raises:
        ConfigError: the table was never written, or the condition is none.
    """
    require_written(lake, table)
    rows = _relation(lake, table)
    condition = f" WHERE ({where}\n)" if where else ""
    if limit and table.day == table.key[0]:
        days = _select(f'"{table.day}"', rows, condition, (table.day,), limit)[table.day]
        if len(days):
            rows = rows.filter(pc.field(table.day) <= days[-1])
    return _select("*", rows, condition, table.key, limit)


def _select(
    columns: str, rows: Dataset | pa.Table, condition: str, order: tuple[str, ...], limit: int | None
) -> pa.Table:
    ordered = ", ".join(f'"{name}"' for name in order)
    text = f"SELECT {columns} FROM rows{condition} ORDER BY {ordered}"
    with _connection() as connection:
        connection.register("rows", rows)
        return _run(connection, text if limit is None else f"{text} LIMIT {limit}", "--where")


def query(lake: Lake, text: str) -> pa.Table:
    """The result of one SELECT over all tables, by `layer.table`, or by bare name where one layer only has it.

    Raises:
        ConfigError: it is no single SELECT, it reads a table that was never written, or DuckDB refuses it.
    """
    names = set(re.findall(r"\w+", text.casefold()))
    with _connection() as connection:
        for layer in LAYERS:
            connection.execute(f"CREATE SCHEMA {layer}")
        for table in TABLES.values():
            connection.execute(f"CREATE VIEW {table.name} AS {_rows(connection, lake, table, names)}")
        for bare, table in BARE_NAMES.items():
            connection.execute(f"CREATE VIEW {bare} AS FROM {table.name}")
        return _run(connection, text, "sql")


def _rows(connection: duckdb.DuckDBPyConnection, lake: Lake, table: Table, names: set[str]) -> str:
    """The SELECT behind the view of a table.

    A table that the statement does not name, or that was never written, has its columns, so that DuckDB can suggest
    names, and is an error to read, so that nobody takes it for an empty one.
    """
    is_named = table.name.partition(".")[2] in names
    if is_named and lake.exists(table):
        connection.register(table.name, _relation(lake, table))
        return f'FROM "{table.name}"'
    sentence = not_written(lake, table) if is_named else f"{table.name}: write its name out in the statement"
    fail = "error('{}')".format(sentence.replace("'", "''"))
    columns = ", ".join(f'{fail}::{column.type} AS "{column.name}"' for column in table.columns)
    return f"SELECT {columns} WHERE {fail} IS NULL"


def _relation(lake: Lake, table: Table) -> Dataset | pa.Table:
    """A table as DuckDB reads it: its files, or all of its rows where only Spark can open the lake."""
    return lake.read_rows(table) if lake.is_hadoop_only else lake.dataset(table)


@contextmanager
def _connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that reaches no file but those it spills into a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="activelake-") as spill:
        connection = duckdb.connect(
            ":memory:", config={"enable_external_access": "false", "temp_directory": spill}
        )
        with connection:
            yield connection


def _run(connection: duckdb.DuckDBPyConnection, text: str, what: str) -> pa.Table:
    connection.execute("SET lock_configuration = true")
    try:
        statements = connection.extract_statements(text)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise ConfigError(f"{what}: exactly one SELECT is allowed")
        return connection.sql(statements[0].query).to_arrow_table()
    except duckdb.Error as error:
        raise ConfigError(f"{what}: {_sentence(error)}") from error


def _sentence(error: duckdb.Error) -> str:
    """What DuckDB says, with the name that it suggests, and without the statement that it repeats after a blank line."""
    return " ".join(str(error).removeprefix(_RAISED).partition("\n\n")[0].split())
