"""Retention of cohorts: windows are inclusive days after the cohort date; all are counted in one pass.

Sources and their rows:
    cohort: users of the cohort (first_ever: first active day in the scope; recurring: active on the cohort date).
    returns: users of the cohort at their first return inside the window.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas.metrics.declaration import Derived, Metric


@dataclass(frozen=True)
class Window:
    """Days after the cohort date on which a return counts, both ends included."""

    name: str
    day_from: int
    day_to: int


WINDOWS = (
    *(Window(f"D{day}", day, day) for day in (1, 3, 7, 14, 30)),
    Window("W1", 1, 7),
    Window("W2", 8, 14),
    Window("W4", 22, 28),
    Window("unbounded_1_60", 1, 60),
    Window("unbounded_7_60", 7, 60),
)
HORIZON = max(window.day_to for window in WINDOWS)
COHORT_KINDS = ("first_ever", "recurring")

RETENTION = (
    Metric("cohort_size", "Users of the cohort.", "users", "cohort", "sum(users)"),
    Metric(
        "retained_so_far",
        "Users of the cohort seen in the window until now; a lower bound until complete.",
        "users",
        "returns",
        "sum(users)",
    ),
    Derived(
        "retained",
        "Users of the cohort active in the window; NULL until the window has closed.",
        "users",
        "if(is_complete, retained_so_far, null)",
        type="bigint",
    ),
    Derived(
        "rate",
        "retained divided by cohort_size; NULL until the window has closed or where the cohort is empty.",
        "ratio",
        "cast(if(is_complete, retained_so_far, null) as double) / nullif(cohort_size, 0)",
    ),
)
