"""What a publication would change: the published rows and those that would replace them, compared by key."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from jobs.calendar.dates import DateRange
from jobs.lake.arrow import to_arrow
from jobs.lake.queries import by_duckdb
from jobs.lake.tables import Lake
from jobs.publish.stage import published_rows
from schemas.contract import Table


@dataclass(frozen=True)
class Difference:
    """Numbers of rows of one table that a publication would add, remove and change.

    Attributes:
        days: first and last day that would be replaced; None for the whole table.
        now: published rows of the days.
        then: rows that would replace them.
        added: keys that only the new rows have.
        removed: keys that only the published rows have.
        changed: keys that both have, with a difference in another column.
    """

    table_name: str
    days: DateRange | None
    now: int
    then: int
    added: int
    removed: int
    changed: int

    @property
    def is_none(self) -> bool:
        """True if no row would change."""
        return not (self.added or self.removed or self.changed)


def difference(lake: Lake, table: Table, rows: pa.Table, days: DateRange | None) -> Difference:
    """Compare the published rows of the days with the rows that would replace them."""
    now, then = published_rows(lake, table, days), to_arrow(table.all_nullable, rows)
    key = ", ".join(f'"{name}"' for name in table.key)
    others = [name for name in table.names if name not in table.key]
    differs = " OR ".join(f'n."{name}" IS DISTINCT FROM t."{name}"' for name in others) or "false"
    counts = by_duckdb(
        "SELECT count(*) FILTER (n.here IS NULL) AS added, count(*) FILTER (t.here IS NULL) AS removed,"
        f" count(*) FILTER (n.here AND t.here AND ({differs})) AS changed"
        f" FROM {{published}} n FULL JOIN {{recomputed}} t USING ({key})",
        published=now.append_column("here", pa.repeat(True, now.num_rows)),
        recomputed=then.append_column("here", pa.repeat(True, then.num_rows)),
    )
    return Difference(table.name, days, now.num_rows, then.num_rows, **counts.to_pylist()[0])
