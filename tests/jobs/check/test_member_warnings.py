"""What a run tells about members: codes that nobody listed, and events before a member's `since`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from jobs.check.member_warnings import early_events, unlisted_codes
from jobs.lake.tables import Lake
from schemas.clean.members import MEMBERS
from schemas.facts.user_scope_day import USER_SCOPE_DAY


def _day(day: int) -> date:
    return date(2026, 3, day)


def _member(scope_id: str, since: int, is_declared: bool = True) -> dict[str, Any]:
    return {
        "scope_type": "scene", "scope_id": scope_id, "name_en": scope_id, "name_zh": scope_id, "class": "social",
        "owner": "team", "valid_from": _day(since), "valid_to": None, "is_declared": is_declared,
    }  # fmt: skip


def _active(day: int, scope_id: str, user: str, events: int) -> dict[str, Any]:
    return {
        "event_date": _day(day), "scope_type": "scene", "scope_id": scope_id, "group_type": "all", "group_id": "all",
        "user_id": user, "events": events, "prev_date": None, "first_date": _day(day),
        "platform_first_date": _day(day), "history_bits": 1, "other_scopes": 0,
    }  # fmt: skip


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """`game` is declared since the 5th; it, `live` and the discovered `new` have events on the 3rd to the 6th."""
    made = Lake(str(tmp_path))
    made.replace_rows(
        MEMBERS, [_member("game", 5), _member("live", 1), _member("new", 4, is_declared=False)], None
    )
    rows = [
        _active(day, scope, user, day) for day in (3, 4, 5, 6) for scope in ("game", "live") for user in "ab"
    ]
    made.replace_rows(USER_SCOPE_DAY, [*rows, _active(3, "new", "a", 9)], None)
    return made


@pytest.mark.parametrize(("first", "last", "events"), [(1, 9, 14), (3, 3, 6), (4, 4, 8), (4, 9, 8)])
def test_events_before_a_members_since_are_told_with_their_number(
    lake: Lake, first: int, last: int, events: int
) -> None:
    assert early_events(lake, (_day(first), _day(last))) == [
        f"scene game: {events} events of these days lie before its since, 2026-03-05, and count for it"
    ]


@pytest.mark.parametrize(("first", "last"), [(5, 9), (1, 2)])
def test_nothing_is_told_of_days_without_such_events(lake: Lake, first: int, last: int) -> None:
    assert early_events(lake, (_day(first), _day(last))) == []


def test_codes_that_are_not_listed_are_told_per_type() -> None:
    rows = [
        ("scene", "unknown", 1200),
        ("scene", "home", 5),
        ("tool", "unknown", 0),
        ("scene", "unknown", 34),
    ]
    lines = unlisted_codes(pd.DataFrame(rows, columns=["scope_type", "scope_id", "events"]))
    assert lines == [
        "scene: 1,234 events of these days carry codes that are not listed and count as `unknown`; "
        "`activelake members discover` lists the codes"
    ]
