"""Which days have changed since a publication is told by the versions of the clean tables."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jobs.lake.tables import Lake
from jobs.lake.upkeep import tidy
from jobs.pipeline.changed_days import changed_days, counted_tables
from schemas.clean.activity import EVENTS
from schemas.clean.orders import ORDERS
from schemas.clean.users import USERS

FIRST, SECOND, THIRD = (date(2026, 3, day) for day in (1, 2, 3))
AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "lake"))


def _event(key: str, day: date) -> dict[str, Any]:
    return {
        "event_id": key, "event_at": AT, "event_date": day, "arrived_at": AT, "arrival_date": day,
        "event_type": "view", "is_exposure": False, "source": "app.log", "file": key, "position": 1, "content_hash": key,
    }  # fmt: skip


def _order(day: date | None, amount: int, file: str = "f") -> dict[str, Any]:
    return {"order_id": "o1", "order_date": day, "amount": Decimal(amount), "arrival_date": FIRST, "source": "shop.orders",
            "file": file, "position": 1}  # fmt: skip


def _user(
    key: str, valid_from: date, valid_to: date | None, registered: date, *, is_bot: bool
) -> dict[str, Any]:
    return {"user_id": key, "valid_from": valid_from, "valid_to": valid_to, "registered_at": AT, "registered_date": registered,
            "is_bot": is_bot, "is_staff": False, "content_hash": "h", "source": "shop.users", "file": "f", "position": 1}  # fmt: skip


def _versions(lake: Lake) -> dict[str, int]:
    versions = {table.name: lake.version(table) for table in counted_tables()}
    return {name: version for name, version in versions.items() if version is not None}


def test_events_changed_on_the_days_of_files_that_came_and_not_where_small_files_were_merged(
    lake: Lake,
) -> None:
    lake.append_rows(EVENTS, [_event("a", FIRST), _event("b", SECOND)])
    lake.append_rows(EVENTS, [_event("c", FIRST)])
    before = _versions(lake)
    assert tidy(lake, EVENTS, timedelta(0)).merged == 2
    assert changed_days(lake, before, 1) == {}
    lake.append_rows(EVENTS, [_event("d", THIRD)])
    assert changed_days(lake, before, 1) == {EVENTS.name: {THIRD}}


def test_an_order_that_moves_changes_both_days_and_one_that_comes_from_another_file_none(lake: Lake) -> None:
    lake.append_rows(ORDERS, [_order(FIRST, 10)])
    before = _versions(lake)
    lake.replace_rows(ORDERS, [_order(FIRST, 10, "g")], None)
    assert changed_days(lake, before, 1) == {}
    lake.replace_rows(ORDERS, [_order(THIRD, 10, "g")], None)
    assert changed_days(lake, before, 1) == {ORDERS.name: {FIRST, THIRD}}
    lake.replace_rows(ORDERS, [_order(None, 10, "g")], None)
    assert changed_days(lake, before, 1) == {ORDERS.name: {FIRST}}


def test_a_list_changes_the_days_of_new_registrations_and_those_for_which_a_flag_began_or_ended(
    lake: Lake,
) -> None:
    plain = _user("u1", FIRST, None, FIRST, is_bot=False)
    lake.append_rows(USERS, [plain, _user("robot", FIRST, None, FIRST, is_bot=True)])
    before = _versions(lake)
    ended = [
        _user("robot", FIRST, SECOND, FIRST, is_bot=True),
        _user("robot", THIRD, None, FIRST, is_bot=False),
    ]
    levelled = [plain | {"valid_to": SECOND}, plain | {"valid_from": THIRD, "member_level": "gold"}]
    lake.replace_rows(USERS, [*levelled, *ended], None)
    assert changed_days(lake, before, 1) == {USERS.name: {SECOND}}
    lake.append_rows(USERS, [_user("u2", THIRD, None, SECOND, is_bot=True)])
    assert changed_days(lake, before, 0) == {USERS.name: {SECOND, THIRD}}


def test_rows_of_a_version_whose_files_are_gone_cannot_be_compared(lake: Lake) -> None:
    lake.append_rows(ORDERS, [_order(FIRST, 10)])
    before = _versions(lake)
    lake.replace_rows(ORDERS, [_order(SECOND, 10)], None)
    tidy(lake, ORDERS, timedelta(0))
    with pytest.raises(LookupError, match="clean.orders: files of version 1 have been removed"):
        changed_days(lake, before, 1)


def test_a_table_that_the_publication_did_not_read_changes_every_day_that_it_has(lake: Lake) -> None:
    lake.append_rows(ORDERS, [_order(SECOND, 10)])
    assert changed_days(lake, {}, 1) == {ORDERS.name: {SECOND}}
