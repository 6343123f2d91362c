"""What a publication would change: published rows beside those that would take their place, by key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from jobs.lake.arrow import to_arrow
from jobs.lake.queries import by_duckdb
from jobs.lake.tables import Lake
from jobs.publish.stage import published_rows
from schemas.contract import Table


@dataclass(frozen=True)
class Difference:
    """Rows of one table's days.

    Attributes:
        days: first and last day that would be replaced; None for the whole table.
        now: rows that are published.
        then: rows that would be.
        added: keys that only the new rows have.
        removed: keys that only the published rows have.
        changed: keys of both whose other columns are not the same.
    """

    table_name: str
    days: tuple[date, date] | None
    now: int
    then: int
    added: int
    removed: int
    changed: int

    @property
    def is_none(self) -> bool:
        """Every row would stay as it is."""
        return not (self.added or self.removed or self.changed)


def difference(lake: Lake, table: Table, rows: pa.Table, days: tuple[date, date] | None) -> Difference:
    """The published rows of the days, and the rows that would replace them."""
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
