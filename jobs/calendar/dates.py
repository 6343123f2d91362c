"""Ranges of business days."""

from __future__ import annotations

from datetime import date, timedelta

DateRange = tuple[date, date]
"""First and last day, both included."""
OpenDateRange = tuple[date | None, date | None]
"""The same, where None is no limit."""


def dates(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
