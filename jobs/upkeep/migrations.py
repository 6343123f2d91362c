"""The steps from each format of a lake to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from conf.settings import Settings
from jobs.lake.arrow import arrow_schema
from jobs.lake.format import CURRENT, format_of, refuse_newer, stamp
from jobs.lake.tables import Lake
from jobs.lake.upkeep import conform, delete_rows
from schemas.catalog import TABLES
from schemas.clean.refunds import REFUND_LINES, REFUNDS
from schemas.contract import Table
from schemas.facts.user_listed_day import USER_LISTED_DAY
from schemas.facts.user_scope_day import USER_SCOPE_DAY
from schemas.ops.tables import INGESTED_FILE
from schemas.raw.records import raw_table


@dataclass(frozen=True)
class Step:
    """What brings a lake to a version from the one before."""

    format_version: int
    meaning: str
    apply: Callable[[Lake, Settings], None]


def stored_tables(lake: Lake, settings: Settings) -> list[Table]:
    """The tables that the lake has: of every input that is mapped or ever was ingested, and of the contracts."""
    mapped = {f"{source}.{name}" for source, mapping in settings.sources.items() for name in mapping.inputs}
    ingested = set(lake.read_rows(INGESTED_FILE)["input"].to_pylist())
    raw = [raw_table(name) for name in sorted(mapped | ingested)]
    return [table for table in (*raw, *TABLES.values()) if lake.exists(table)]


def _to_contracts(lake: Lake, settings: Settings) -> None:
    for table in stored_tables(lake, settings):
        conform(lake, table)


def _refund_lines(lake: Lake, settings: Settings) -> None:
    """What a refund of lines had come to stands as one line, so that the next one adds to it."""
    _to_contracts(lake, settings)
    of_lines = [
        f"{source}.{name}"
        for source, mapping in settings.sources.items()
        for name, feed in mapping.feeds.items()
        if feed.kind == "refunds" and feed.grain == "line"
    ]
    refunds = lake.read_rows(REFUNDS)
    found = refunds.filter(pc.is_in(refunds["source"], value_set=pa.array(of_lines, pa.string())))
    place = pc.binary_join_element_wise(found["file"], found["position"].cast(pa.string()), ":")
    if found.num_rows:
        lake.replace_rows(REFUND_LINES, found.append_column("line_id", place), None)


def _listed_days(lake: Lake, settings: Settings) -> None:
    """Rows of the scope that stood for all listed members of a type move to a table of their own."""
    _to_contracts(lake, settings)
    if not lake.exists(USER_SCOPE_DAY):
        return
    if lake.exists(USER_LISTED_DAY):  # an earlier try that was stopped
        lake.replace_rows(USER_LISTED_DAY, [], None)
    old_scope = pc.field("scope_id") == "__listed__"
    batches = lake.dataset(USER_SCOPE_DAY).scanner(list(USER_LISTED_DAY.names), filter=old_scope).to_batches()
    schema = arrow_schema(USER_LISTED_DAY)
    lake.append_batches(USER_LISTED_DAY, (batch.cast(schema) for batch in batches))
    delete_rows(lake, USER_SCOPE_DAY, "scope_id = '__listed__'")


STEPS = (
    Step(1, "the lake carries its version; tables have their contracts' columns and comments", _to_contracts),
    Step(2, "late events carry user, event type and codes; those of before have none", _to_contracts),
    Step(3, "runs that change published days say why and who asked; those of before do not", _to_contracts),
    Step(4, "refunds that are sums keep their lines; one of before has a single line", _refund_lines),
    Step(
        5,
        "late events can be counted by a backfill; those of before once a replay has read them",
        _to_contracts,
    ),
    Step(6, "who was active in any listed member stands in facts.user_listed_day", _listed_days),
)


def migrate(lake: Lake, settings: Settings) -> Iterator[Step]:
    """Bring the lake to the current version; yields each step when it is done. A stopped migration can be repeated.

    Raises:
        ConfigError: a newer program has written the lake.
    """
    found = format_of(lake)
    refuse_newer(lake, found)
    for step in STEPS:
        if found is not None and found < step.format_version <= CURRENT:
            step.apply(lake, settings)
            stamp(lake, step.format_version)
            yield step
