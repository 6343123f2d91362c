"""Which contract columns a feed may and must map, derived from its kind and the clean contracts."""

from __future__ import annotations

from dataclasses import dataclass

from conf.mapping import Feed
from jobs.mapping.kinds import grain_of, kind_of
from schemas.contract import Column
from schemas.kinds.declaration import Grain, Kind

_MADE_BY_INGEST = {
    "arrived_at", "arrival_date", "is_exposure", "source", "file", "position", "content_hash", "valid_from", "valid_to",
}  # fmt: skip
RECEIVED_AT = Column(
    "received_at", "timestamp", "Instant at which the record was received, UTC.", nullable=True
)


@dataclass(frozen=True)
class Targets:
    """Contract columns of a feed: what may be mapped, what must be, and what may not be empty in a record."""

    columns: dict[str, Column]
    must_map: frozenset[str]
    must_have: frozenset[str]


def targets(feed: Feed) -> Targets:
    """The targets of a feed's kind and grain."""
    kind, grain = kind_of(feed), grain_of(feed)
    made = {*_MADE_BY_INGEST, grain.key, kind.day}
    columns = {column.name: column for column in grain.table.columns if column.name not in made}
    return Targets(
        columns | {RECEIVED_AT.name: RECEIVED_AT}, frozenset(grain.must_map), frozenset(grain.must_have)
    )


def line_targets(kind: Kind, grain: Grain) -> Targets:
    """The targets of the lines nested in a record."""
    assert grain.lines is not None
    needed = frozenset(grain.lines.must_have)
    of_record = {*_MADE_BY_INGEST, kind.day, *grain.table.names} - needed
    columns = {column.name: column for column in grain.lines.table.columns if column.name not in of_record}
    return Targets(columns, needed, needed)
