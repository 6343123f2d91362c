"""The vocabulary: every column name of the repository, once, found in the modules of this package by theme."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from schemas.contract import Column, DeclarationError


def _vocabulary() -> dict[str, Column]:
    """The columns of every tuple of columns that a module of the package holds."""
    merged: dict[str, Column] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        for value in vars(import_module(f"{__name__}.{module}")).values():
            for column in value if isinstance(value, tuple) else ():
                if isinstance(column, Column) and merged.setdefault(column.name, column) is not column:
                    raise DeclarationError(f"column {column.name} is declared twice")
    return merged


COLUMNS = _vocabulary()
