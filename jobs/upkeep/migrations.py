"""The migrations that bring a lake from one format version to the next."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.dataset import Dataset

from conf.settings import Settings
from jobs.lake.arrow import arrow_schema
from jobs.lake.commits import commit_rows
from jobs.lake.format import FORMATS, format_of, refuse_newer, stamp
from jobs.lake.tables import Lake
from jobs.lake.upkeep import conform
from jobs.mapping.kinds import grain_of
from schemas.catalog import TABLES
from schemas.clean.refunds import REFUND_LINES, REFUNDS
from schemas.contract import Table
from schemas.facts.user_listed_day import USER_LISTED_DAY
from schemas.facts.user_scope_day import USER_SCOPE_DAY
from schemas.kinds import KINDS
from schemas.kinds.declaration import Grain, columns_of_lines
from schemas.ops.tables import INGESTED_FILE
from schemas.raw.records import raw_table


@dataclass(frozen=True)
class MigrationStep:
    """What brought a lake to `format_version` from the version before."""

    format_version: int
    meaning: str


def stored_tables(lake: Lake, settings: Settings) -> list[Table]:
    """The tables that exist in the lake: raw tables of inputs that are mapped or were ever ingested, then the others."""
    mapped = {f"{source}.{name}" for source, mapping in settings.sources.items() for name in mapping.inputs}
    ingested = set(lake.read_rows(INGESTED_FILE)["input"].to_pylist())
    raw = [raw_table(name) for name in sorted(mapped | ingested)]
    return [table for table in (*raw, *TABLES.values()) if lake.exists(table)]


def _refund_lines(lake: Lake, settings: Settings) -> None:
    """Write each stored refund that was a sum of lines as one line, so that lines that arrive later add to that sum."""
    of_lines = [
        f"{source}.{name}"
        for source, mapping in settings.sources.items()
        for name, feed in mapping.feeds.items()
        if feed.kind == "refunds" and feed.grain == "line"
    ]
    refunds = lake.read_rows(REFUNDS)
    stored_refunds = refunds.filter(pc.is_in(refunds["source"], value_set=pa.array(of_lines, pa.string())))
    line_ids = pc.binary_join_element_wise(
        stored_refunds["file"], stored_refunds["position"].cast(pa.string()), ":"
    )
    if stored_refunds.num_rows:
        lake.replace_rows(REFUND_LINES, stored_refunds.append_column("line_id", line_ids), None)


def _listed_days(lake: Lake, settings: Settings) -> None:
    """Rows of the scope that stood for all listed members of a type move to a table of their own."""
    old_scope = pc.field("scope_id") == "__listed__"
    if not lake.exists(USER_SCOPE_DAY) or not lake.dataset(USER_SCOPE_DAY).count_rows(filter=old_scope):
        return
    if lake.exists(USER_LISTED_DAY):  # what a migration wrote that was stopped before it deleted the old rows
        lake.replace_rows(USER_LISTED_DAY, [], None)
    stored = lake.dataset(USER_SCOPE_DAY)
    lake.append_batches(USER_LISTED_DAY, _contract_batches(stored, USER_LISTED_DAY, old_scope))
    # Written anew: of a file from which deltalake deletes rows Arrow cannot filter texts any more.
    schema = arrow_schema(USER_SCOPE_DAY)
    others = pa.RecordBatchReader.from_batches(schema, _contract_batches(stored, USER_SCOPE_DAY, ~old_scope))
    commit_rows(lake.path(USER_SCOPE_DAY), USER_SCOPE_DAY, others, "overwrite", None)


def _states(lake: Lake, settings: Settings) -> None:
    """Every row of a table of states becomes the first state that is kept of its key, with its lines."""
    grains = [grain for kind in KINDS.values() for grain in kind.grains if grain.states is not None]
    for grain in grains:
        assert grain.states is not None
        if not lake.exists(grain.table):
            continue
        landing = _landing_dates(lake, settings)
        lines = _lines_of(lake, grain)
        rows = [
            row
            | {
                "landing_date": landing.get((row["source"], row["file"]), row["arrival_date"]),
                "content_hash": "",
                "is_void": False,
                "nested_lines": json.dumps(of_key, default=str)
                if (of_key := lines.get(row[grain.key]))
                else None,
            }
            for row in lake.read_rows(grain.table).to_pylist()
            if (row["source"], row["file"]) in landing
        ]
        lake.replace_rows(grain.states, rows, None)


def _landing_dates(lake: Lake, settings: Settings) -> dict[tuple[str, str], date]:
    """Landing date of every file that was ingested, by feed and file; only of feeds whose records are states."""
    ledger = {
        (row["input"], row["file"]): row["landing_date"] for row in lake.read_rows(INGESTED_FILE).to_pylist()
    }
    feeds = {
        f"{source}.{name}": f"{source}.{feed.input}"
        for source, mapping in settings.sources.items()
        for name, feed in mapping.feeds.items()
        if grain_of(feed).nature == "state"
    }
    return {
        (feed, file): day for feed, name in feeds.items() for (of, file), day in ledger.items() if of == name
    }


def _lines_of(lake: Lake, grain: Grain) -> dict[str, list[dict[str, object]]]:
    """What the lines' table says of each line, by the key of its record."""
    lines: dict[str, list[dict[str, object]]] = defaultdict(list)
    if grain.lines is not None and lake.exists(grain.lines.table):
        columns = columns_of_lines(grain)
        for row in lake.read_rows(grain.lines.table).to_pylist():
            lines[row[grain.key]].append({column.name: row[column.name] for column in columns})
    return lines


def _contract_batches(rows: Dataset, table: Table, condition: pc.Expression) -> Iterator[pa.RecordBatch]:
    """The rows for which a condition holds, in the columns and types of a contract, as they come."""
    schema = arrow_schema(table)
    for batch in rows.scanner(list(table.names), filter=condition).to_batches():
        yield batch.cast(schema)


_BESIDE_CONTRACTS: dict[int, Callable[[Lake, Settings], None]] = {
    4: _refund_lines,
    6: _listed_days,
    7: _states,
}
"""Format → what is done to reach it, besides bringing every table to its contract."""


def migrate(lake: Lake, settings: Settings) -> Iterator[MigrationStep]:
    """Bring the lake to the current version; yields each step once it is done. An interrupted migration can be repeated.

    Raises:
        ConfigError: a newer program has written the lake.
    """
    stored_version = format_of(lake)
    refuse_newer(lake, stored_version)
    for version, meaning in enumerate(FORMATS, start=1):
        if stored_version is not None and stored_version < version:
            for table in stored_tables(lake, settings):
                conform(lake, table)
            if version in _BESIDE_CONTRACTS:
                _BESIDE_CONTRACTS[version](lake, settings)
            stamp(lake, version)
            yield MigrationStep(version, meaning)
