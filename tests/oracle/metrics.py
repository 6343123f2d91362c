"""Metrics of reports.activity_daily that are a count of their own, an entry each: by sets of days, for a scope and day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.oracle.activity import Oracle, Scope

PER_DAY: dict[str, Callable[[Oracle, Scope, date], Any]] = {
    "mau30": lambda oracle, scope, day: len(oracle.users(scope, day - timedelta(days=29), day)),
    "new_to_platform": lambda oracle, scope, day: sum(
        oracle.first_day(("all", "all"), user) == day for user in oracle.users(scope, day, day)
    ),
    "exposures": lambda oracle, scope, day: oracle.others["exposures"][scope, day],
}
