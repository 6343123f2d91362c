"""The words of a contract: Column and Table; declarations that say nothing are refused when they are made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

LAYERS = ("raw", "clean", "facts", "reports", "ops")


class DeclarationError(ValueError):
    """A declaration in schemas/ is wrong; names the table, column or metric and the rule."""


@dataclass(frozen=True)
class Column:
    """One column name: one meaning, one type and one unit in the whole repository.

    Attributes:
        name: as it stands in every table.
        type: Spark SQL type.
        meaning: what a value says, in words.
        unit: unit of a number, else empty.
        nullable: may be NULL; NULL means "not known yet" or "not applicable", never 0.
        personal: identifies or describes a person; never shown in quality results or logs.
        allowed: the only values, where they are a closed list.
    """

    name: str
    type: str
    meaning: str
    unit: str = ""
    nullable: bool = False
    personal: bool = False
    allowed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        said = self.meaning.lower().replace(".", "").replace(" ", "_")
        if len(self.meaning.split()) < 3 or said == self.name:
            raise DeclarationError(f"column {self.name}: the meaning must say more than the name")


@dataclass(frozen=True)
class Table:
    """One table of the lake.

    Attributes:
        name: `layer.table`; stored at `<lake>/<layer>/<table>`.
        grain: sentence that begins with "One row per".
        key: columns that identify a row.
        columns: in stored order.
        owner: team that answers for it.
        inputs: tables it is built from.
        day: the date column by which days are replaced, if any.
        partitioned: True where `day` is also the physical partition (large tables).
        metric_columns: columns that come from metric declarations.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    owner: str
    inputs: tuple[str, ...] = ()
    day: str | None = None
    partitioned: bool = False
    metric_columns: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        if self.layer not in LAYERS:
            raise DeclarationError(f"{self.name}: the layer must be one of {', '.join(LAYERS)}")
        if not self.grain.startswith("One row per "):
            raise DeclarationError(f"{self.name}: the grain must begin with 'One row per'")
        missing = [name for name in (*self.key, *filter(None, [self.day])) if name not in self.names]
        if missing:
            raise DeclarationError(f"{self.name}: key or day names unknown columns {missing}")
        if len(set(self.names)) != len(self.names):
            raise DeclarationError(f"{self.name}: a column is listed twice")

    @property
    def layer(self) -> str:
        """First part of the name."""
        return self.name.split(".", 1)[0]

    @property
    def folder(self) -> str:
        """Place below the lake's root."""
        return self.name.replace(".", "/", 1)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in stored order."""
        return tuple(column.name for column in self.columns)

    @property
    def ddl(self) -> str:
        """The schema as Spark reads it, nullability and meanings included."""
        return ", ".join(
            f"`{c.name}` {c.type}{'' if c.nullable else ' NOT NULL'} COMMENT '{c.meaning.replace(chr(39), chr(8217))}'"
            for c in self.columns
        )

    @property
    def all_nullable(self) -> Table:
        """The same table where every column may be NULL: rows that no gate has seen yet."""
        return replace(self, columns=tuple(replace(column, nullable=True) for column in self.columns))

    def column(self, name: str) -> Column:
        """The column of that name.

        Raises:
            KeyError: the table has no such column.
        """
        for candidate in self.columns:
            if candidate.name == name:
                return candidate
        raise KeyError(f"{self.name} has no column {name}")


def pick(vocabulary: dict[str, Column], names: str | Iterable[str]) -> tuple[Column, ...]:
    """Columns by name; `name?` is the nullable form.

    Raises:
        DeclarationError: a name is not in the vocabulary.
    """
    chosen = []
    for word in names.split() if isinstance(names, str) else names:
        name = word.rstrip("?")
        if name not in vocabulary:
            raise DeclarationError(f"no column named {name} in schemas/columns")
        chosen.append(replace(vocabulary[name], nullable=word.endswith("?")))
    return tuple(chosen)
