"""The migrations that bring a lake from one format version to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from conf.settings import Settings
from jobs.lake.format import CURRENT, format_of, refuse_newer, stamp
from jobs.lake.tables import Lake
from jobs.lake.upkeep import conform
from schemas.catalog import TABLES
from schemas.clean.refunds import REFUND_LINES, REFUNDS
from schemas.contract import Table
from schemas.ops.tables import INGESTED_FILE
from schemas.raw.records import raw_table


@dataclass(frozen=True)
class MigrationStep:
    """The change that brings a lake to `format_version` from the version before."""

    format_version: int
    meaning: str
    apply: Callable[[Lake, Settings], None]


def stored_tables(lake: Lake, settings: Settings) -> list[Table]:
    """The tables that exist in the lake: raw tables of inputs that are mapped or were ever ingested, then the others."""
    mapped = {f"{source}.{name}" for source, mapping in settings.sources.items() for name in mapping.inputs}
    ingested = set(lake.read_rows(INGESTED_FILE)["input"].to_pylist())
    raw = [raw_table(name) for name in sorted(mapped | ingested)]
    return [table for table in (*raw, *TABLES.values()) if lake.exists(table)]


def _to_contracts(lake: Lake, settings: Settings) -> None:
    for table in stored_tables(lake, settings):
        conform(lake, table)


def _refund_lines(lake: Lake, settings: Settings) -> None:
    """Write each stored refund that was a sum of lines as one line, so that lines that arrive later add to that sum."""
    _to_contracts(lake, settings)
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


STEPS = (
    MigrationStep(
        1, "the lake carries its version; tables have their contracts' columns and comments", _to_contracts
    ),
    MigrationStep(
        2, "late events carry user, event type and codes; those of before have none", _to_contracts
    ),
    MigrationStep(
        3, "runs that change published days say why and who asked; those of before do not", _to_contracts
    ),
    MigrationStep(
        4, "refunds that are sums keep their lines; one of before has a single line", _refund_lines
    ),
    MigrationStep(
        5,
        "late events can be counted by a backfill; those of before once a replay has read them",
        _to_contracts,
    ),
)


def migrate(lake: Lake, settings: Settings) -> Iterator[MigrationStep]:
    """Bring the lake to the current version; yields each step once it is done. An interrupted migration can be repeated.

    Raises:
        ConfigError: a newer program has written the lake.
    """
    stored_version = format_of(lake)
    refuse_newer(lake, stored_version)
    for step in STEPS:
        if stored_version is not None and stored_version < step.format_version <= CURRENT:
            step.apply(lake, settings)
            stamp(lake, step.format_version)
            yield step
