"""The word of an identity: the frame of its two sides, which the saved expectation judges on every row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from jobs.check.evidence import Evidence
from schemas.contract import Table

Frames = Mapping[str, pd.DataFrame]
"""Staged report frames by table name."""


def _always(_: Evidence) -> bool:
    return True


@dataclass(frozen=True)
class Identity:
    """How the two sides of an identity are made.

    Attributes:
        build: a frame of (left, right) from the staged reports and what is known besides them.
        reports: reports that must be staged.
        applies: whether the deployment has what it is about.
    """

    build: Callable[[Frames, Evidence], pd.DataFrame]
    reports: tuple[Table, ...] = ()
    applies: Callable[[Evidence], bool] = _always


def sides(left: Iterable[object], right: Iterable[object]) -> pd.DataFrame:
    """A frame of both sides, row by row."""
    return pd.DataFrame({"left": list(left), "right": list(right)}, dtype=object)
