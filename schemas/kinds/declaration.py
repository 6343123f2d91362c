"""The words of a kind of feed: Kind and Grain; a declaration that contradicts its tables is refused when it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.contract import Column, DeclarationError, Table
from schemas.kinds.recognition import Recognition

Nature = Literal["fact", "state", "snapshot"]
"""`fact`: happens once, and of the records of a key the first is kept. `state`: may change; all states
are kept, and of those of a key the last one holds. `snapshot`: a list of what holds, kept with the days on which it held; it has no lateness."""


@dataclass(frozen=True)
class NestedLines:
    """Lines nested in a record: an array of objects, each of which becomes a row of its own.

    Attributes:
        table: where they go. Columns that it shares with the record's table are the record's, but for `must_have`.
        must_have: columns of a line that must be mapped and may not be empty.
    """

    table: Table
    must_have: tuple[str, ...]

    @property
    def number(self) -> str:
        """Column that identifies a line within its record: its number where the mapping gives none."""
        return self.table.key[-1]


@dataclass(frozen=True)
class Sums:
    """Rows that are made by adding up lines; the first line by file and position says what else they share.

    Attributes:
        table: one row per key of what the lines belong to.
        amount: column that is added up.
        dated: instants of the sum that are the first line's instant too.
    """

    table: Table
    amount: str
    dated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grain:
    """What one record of a feed is.

    Attributes:
        name: as `grain:` of a mapping says it.
        nature: how records are judged and written.
        table: clean table of which an accepted record becomes a row.
        key: column that `key:` of the mapping fills.
        must_map: columns that a mapping must give.
        must_have: columns that may not be empty in a record.
        version: of a state, the column by which one is newer than another.
        states: of a state, the table of all of them, from which `table` and `lines` follow.
        lines: of a state, the lines nested in a record.
        sums: of a fact, what its rows add up to.
    """

    name: str
    nature: Nature
    table: Table
    key: str
    must_map: tuple[str, ...] = ()
    must_have: tuple[str, ...] = ()
    version: str | None = None
    states: Table | None = None
    lines: NestedLines | None = None
    sums: Sums | None = None

    def __post_init__(self) -> None:
        where = f"grain {self.name} of {self.table.name}"
        columns = {self.key, *self.must_map, *self.must_have, *filter(None, [self.version])}
        if self.nature == "snapshot":
            columns |= {"valid_from", "valid_to", "content_hash"}
        absent = sorted(columns - set(self.table.names))
        if absent:
            raise DeclarationError(f"{where}: the table has no columns {', '.join(absent)}")
        if not set(self.must_have) <= set(self.must_map):
            raise DeclarationError(f"{where}: what may not be empty must be mapped")
        if {self.nature == "state"} != {self.version is not None, self.states is not None}:
            raise DeclarationError(f"{where}: a state, and nothing else, has a version and a table of states")
        if self.lines is not None and self.nature != "state":
            raise DeclarationError(f"{where}: only states hold nested lines")
        if self.sums is not None and self.nature != "fact":
            raise DeclarationError(f"{where}: only facts are added up")

    @property
    def tables(self) -> tuple[Table, ...]:
        """The clean tables that records of the grain change."""
        others = (part.table for part in (self.lines, self.sums) if part is not None)
        return (self.table, *others, *filter(None, [self.states]))


def columns_of_lines(grain: Grain) -> tuple[Column, ...]:
    """Columns of a grain's nested lines that are each line's and not its record's."""
    assert grain.lines is not None
    of_record = set(grain.table.names) - set(grain.lines.must_have)
    return tuple(column for column in grain.lines.table.columns if column.name not in of_record)


@dataclass(frozen=True)
class Kind:
    """A kind of feed: what its records are, and what follows from that in every stage.

    Attributes:
        name: as `kind:` of a mapping says it.
        grains: what one record may be; the first one where a mapping does not say.
        recognition: how `activelake init` knows the kind.
        instant: column of the instant at which it happened; None for a snapshot that has none.
        day: column of the business day of the instant; the ingestion makes it.
        is_required: no run without it. Its days are the spine of the reports, records before history_start are late, and
            late ones may enter by a backfill.
        has_exposures: a mapping may mark records that were shown to the user and do not make the user active.
        feeds_overlap: several feeds may bring the same record, so that all of them are judged together in a run; a key
            that is a position names its feed.
        checks_clock: a record whose instant is later than its arrival is refused.
        counted_by: columns without which a feed of the kind gives reports nothing to count.
    """

    name: str
    grains: tuple[Grain, ...]
    recognition: Recognition
    instant: str | None = None
    day: str | None = None
    is_required: bool = False
    has_exposures: bool = False
    feeds_overlap: bool = False
    checks_clock: bool = False
    counted_by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        natures = {grain.nature for grain in self.grains}
        if not natures or ("snapshot" in natures and len(natures) > 1):
            raise DeclarationError(f"kind {self.name}: its grains must all be snapshots, or none of them")
        if (self.instant is None) != (self.day is None) or (self.instant is None and self.has_lateness):
            raise DeclarationError(f"kind {self.name}: what is no snapshot has an instant and a day")
        if self.feeds_overlap and natures != {"fact"}:
            raise DeclarationError(f"kind {self.name}: only facts of several feeds are judged together")
        dated = {self.instant, self.day} - {None}
        for table in self.tables:
            if not dated <= set(table.names):
                raise DeclarationError(f"kind {self.name}: {table.name} has no instant or no day")

    @property
    def tables(self) -> tuple[Table, ...]:
        """The clean tables that the kind writes, and no other kind does."""
        return tuple({table.name: table for grain in self.grains for table in grain.tables}.values())

    @property
    def has_lateness(self) -> bool:
        """Records can come too late for their day; what a list says holds from the day of the list on."""
        return all(grain.nature != "snapshot" for grain in self.grains)

    @property
    def rewrites_rows(self) -> bool:
        """Rows are added up in place, and do not tell what stood there before."""
        return any(grain.sums is not None for grain in self.grains)

    def grain(self, name: str | None) -> Grain:
        """The grain of that name; the first one for None.

        Raises:
            KeyError: the kind has no such grain.
        """
        for candidate in self.grains:
            if name in (None, candidate.name):
                return candidate
        raise KeyError(f"{self.name} has no grain {name}")
