"""The kinds of feeds, found in the modules of this package: a kind exists by being declared in one of them."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from schemas.contract import DeclarationError
from schemas.kinds.declaration import Kind


def _declared() -> dict[str, Kind]:
    kinds: dict[str, Kind] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        for value in vars(import_module(f"{__name__}.{module}")).values():
            if isinstance(value, Kind) and kinds.setdefault(value.name, value) is not value:
                raise DeclarationError(f"kind {value.name} is declared twice")
    return kinds


def _required(kinds: dict[str, Kind]) -> Kind:
    required = [kind for kind in kinds.values() if kind.is_required]
    if len(required) != 1:
        raise DeclarationError(f"one kind must be required, and {len(required)} are")
    return required[0]


def _kind_of_table(kinds: dict[str, Kind]) -> dict[str, str]:
    kind_of: dict[str, str] = {}
    for kind in kinds.values():
        for table in kind.tables:
            if kind_of.setdefault(table.name, kind.name) != kind.name:
                raise DeclarationError(f"{table.name} is written by {kind_of[table.name]} and {kind.name}")
    return kind_of


KINDS = _declared()
"""Name of a kind → its declaration."""
REQUIRED = _required(KINDS)
"""The kind without which nothing is computed."""
FACT_TABLES = frozenset(
    grain.table.name for kind in KINDS.values() for grain in kind.grains if grain.nature == "fact"
)
"""Names of the clean tables of facts: a key may come again there, as another fact, once it is no more a duplicate."""
KIND_OF_TABLE = _kind_of_table(KINDS)
"""Name of a clean table → name of the kind that writes it."""
