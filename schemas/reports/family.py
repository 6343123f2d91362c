"""The words of a report family: what it reads, which kinds of feeds close its rows, and which rows it must have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from schemas.contract import Table
from schemas.shared_frame import SharedFrame

Readable = Table | SharedFrame


@dataclass(frozen=True)
class Spine:
    """The rows that a report must have, no less and no more.

    Attributes:
        day: its day column; None where it has no row per day.
        per: what has rows on each day: every scope, every scope type, or the platform, which is the scope all of all;
            None for a table that is not about scopes.
        rows: rows of each of these per day.
        is_sparse: only what happened has a row, so a day or a scope without one is no gap; an identity with a
            report that is not sparse must say that nothing is missing.
    """

    day: str | None = None
    per: Literal["scope", "scope_type", "platform"] | None = None
    rows: int = 1
    is_sparse: bool = False


@dataclass(frozen=True)
class Completeness:
    """The kinds of feeds by which the rows of a family are closed.

    Attributes:
        required: the family is not built where one of them is not mapped.
        optional: those that are mapped close the rows too; where none of them is mapped and none is required, the
            family is not built.
    """

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()

    def closing_kinds(self, mapped: frozenset[str]) -> frozenset[str]:
        """The kinds that close the rows in a deployment that maps these; none where the family is not built."""
        return self.required | (self.optional & mapped) if self.required <= mapped else frozenset()


@dataclass(frozen=True, eq=False)
class Family:
    """What reports have in common that are built together.

    Attributes:
        name: of the module that declares it, and of the module in `jobs/reports/` that builds it.
        reads: tables and shared frames; the module that builds the family is given these and no others.
        completeness: None for tables whose rows do not close, such as names and the calendar.
        windows: windows of days after a row's day, as (name, first day, last day). They are part of the definitions,
            and a day that is computed restates the rows of the days before it whose windows it lies in.
        look_back_days: days before its first row of which it reads facts.
        source_kinds: source of a metric → kind of feed without which the metric is NULL.
        made_at: when its rows are made; those of `stage` tell of the tables that are about to be published.
    """

    name: str
    reads: tuple[Readable, ...] = ()
    completeness: Completeness | None = None
    windows: tuple[tuple[str, int, int], ...] = ()
    look_back_days: int = 0
    source_kinds: Mapping[str, str] = field(default_factory=dict)
    made_at: Literal["compute", "stage"] = "compute"

    @property
    def restated_days(self) -> int:
        """Days before the computed ones whose rows change with them."""
        return max((last for _, _, last in self.windows), default=0)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the tables that it is built from, through shared frames too."""
        names = [(item.name,) if isinstance(item, Table) else item.inputs for item in self.reads]
        return tuple(dict.fromkeys(name for part in names for name in part))
