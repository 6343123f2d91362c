"""Rows between tables: made once in a computation for everything that is built from them, and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SharedFrame:
    """Rows that no table holds and that several families may read; made once in a computation.

    Attributes:
        grain: sentence that begins with "One row per".
        inputs: tables it is made from.
    """

    name: str
    grain: str
    inputs: tuple[str, ...]
