"""Reading published tables without a JVM: rows of one table, or SQL over all of them in a locked-down DuckDB."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa

from conf.errors import ConfigError
from jobs.lake.tables import Lake
from jobs.publish.digest import canonical_digest
from schemas.catalog import OPS, REPORTS, TABLES
from schemas.contract import Table


def table_named(name: str) -> Table:
    """A table by `layer.table`, or a report by its bare name.

    Raises:
        ConfigError: there is none; names those that exist.
    """
    found = TABLES.get(name) or TABLES.get(f"reports.{name}")
    if found is None:
        raise ConfigError(f"{name}: no such table; there are {', '.join(sorted(TABLES))}")
    return found


def _connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:", config={"enable_external_access": "false"})


def _lock(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("SET lock_configuration = true")


def _one_select(connection: duckdb.DuckDBPyConnection, text: str, what: str) -> str:
    try:
        statements = connection.extract_statements(text)
    except duckdb.Error as error:
        raise ConfigError(f"{what}: {str(error).splitlines()[0]}") from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise ConfigError(f"{what}: exactly one SELECT is allowed")
    return statements[0].query


def _run(connection: duckdb.DuckDBPyConnection, text: str, what: str) -> pa.Table:
    query = _one_select(connection, text, what)
    try:
        return connection.sql(query).to_arrow_table()
    except duckdb.Error as error:
        raise ConfigError(f"{what}: {str(error).splitlines()[0]}") from error


def rows_of(lake: Lake, table: Table, where: str | None, limit: int | None) -> pa.Table:
    """Rows of one table by its key, filtered by an SQL condition.

    Raises:
        ConfigError: the table was never written, or the condition is none.
    """
    if not lake.exists(table):
        raise ConfigError(f"{table.name}: not written yet in {lake.root}; `activelake run` makes it")
    with _connection() as connection:
        connection.register("rows", lake.read_rows(table))
        _lock(connection)
        order = ", ".join(f'"{name}"' for name in table.key)
        text = "SELECT * FROM rows" + (f" WHERE ({where}\n)" if where else "") + f" ORDER BY {order}"
        found = _run(connection, text, "--where")
    return found.slice(0, limit) if limit is not None else found


def query(lake: Lake, text: str) -> pa.Table:
    """The result of one SELECT over the published tables and ops, by `layer.table` or by bare name.

    Raises:
        ConfigError: it is no single SELECT, or DuckDB refuses it.
    """
    with _connection() as connection:
        for schema in ("reports", "ops"):
            connection.execute(f"CREATE SCHEMA {schema}")
        for table in (*REPORTS, *OPS):
            if lake.exists(table):
                bare = table.name.split(".", 1)[1]
                connection.register(f"source_{bare}", lake.read_rows(table))
                connection.execute(f"CREATE VIEW {table.name} AS SELECT * FROM source_{bare}")
                connection.execute(f"CREATE VIEW {bare} AS SELECT * FROM source_{bare}")
        _lock(connection)
        return _run(connection, text, "sql")


def digest(lake: Lake, table: Table) -> str:
    """The canonical digest of a table as it is published."""
    if not lake.exists(table):
        raise ConfigError(f"{table.name}: not written yet in {lake.root}")
    return canonical_digest(table, lake.read_rows(table))


def rendered(rows: pa.Table, form: str) -> str:
    """Rows as csv (NULL is empty) or json (a list of objects, dates as ISO text, NULL as null)."""
    if form == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(rows.column_names)
        writer.writerows([_csv(value) for value in row.values()] for row in rows.to_pylist())
        return out.getvalue()
    return "[" + ",\n ".join(_object(row) for row in rows.to_pylist()) + "]\n"


def _csv(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value


def _object(row: dict[str, Any]) -> str:
    parts = (f"{json.dumps(name)}: {_value(value)}" for name, value in row.items())
    return "{" + ", ".join(parts) + "}"


def _value(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.date | dt.datetime):
        return json.dumps(value.isoformat())
    if isinstance(value, float) and not math.isfinite(value):
        return "null"
    return json.dumps(value, ensure_ascii=False, default=str)
