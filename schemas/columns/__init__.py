"""The vocabulary: every column name of the repository, once, by theme."""

from __future__ import annotations

from schemas.columns.commerce import COMMERCE
from schemas.columns.identity import IDENTITY
from schemas.columns.operation import OPERATION
from schemas.columns.reporting import REPORTING
from schemas.columns.time import TIME
from schemas.contract import Column, DeclarationError


def _merge(*themes: tuple[Column, ...]) -> dict[str, Column]:
    merged: dict[str, Column] = {}
    for column in (column for theme in themes for column in theme):
        if column.name in merged:
            raise DeclarationError(f"column {column.name} is declared twice")
        merged[column.name] = column
    return merged


COLUMNS = _merge(IDENTITY, TIME, COMMERCE, REPORTING, OPERATION)
