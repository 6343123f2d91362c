"""Every state of an order is kept; which one holds depends on what the source says, and on nothing else."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from conf.mapping import Feed
from jobs.lake.tables import Lake
from schemas.clean.orders import ORDER_LINES, ORDER_STATES, ORDERS
from tests.batches import ingest

FIRST = date(2026, 3, 1)
FEED = Feed.model_validate(
    {
        "kind": "orders", "input": "log", "key": {"column": "id"},
        "columns": {"status": "status", "paid_at": "paid", "updated_at": "updated", "amount": "amount"},
        "void": "status = 'cancelled'", "filters": {"test order": "status = 'test'"},
        "lines": {"column": "items", "columns": {"line_id": "no", "quantity": "n", "amount": "price"}},
    }
)  # fmt: skip


def _day(number: int) -> date:
    return FIRST + timedelta(days=number - 1)


def _state(
    paid: int | None, amount: str, updated: int | None = None, status: str = "paid", **more: Any
) -> dict[str, Any]:
    """A state of order o1, paid and updated at noon of the numbered days."""
    return {
        "id": "o1", "status": status, "amount": amount,
        "paid": None if paid is None else f"{_day(paid)}T12:00:00Z",
        "updated": None if updated is None else f"{_day(updated)}T12:00:00Z",
    } | more  # fmt: skip


def _orders(lake: Lake) -> list[tuple[Any, ...]]:
    names = ("order_id", "status", "order_date", "amount")
    return sorted(tuple(row[name] for name in names) for row in lake.read_rows(ORDERS).to_pylist())


def _bring(lake: Lake, day: int, *states: dict[str, Any], is_repeated: bool = False) -> list[str]:
    """Outcomes of the states of a day's file; a state may come three days late."""
    return ingest(lake, FEED, [(_day(day), f"{_day(day)}.csv", states)], lateness=3, is_repeated=is_repeated)


@pytest.mark.parametrize("updated", [1, None])
def test_of_two_states_of_one_version_the_one_that_landed_later_holds(
    spark: SparkSession, lake: Lake, updated: int | None
) -> None:
    assert _bring(lake, 1, _state(1, "100", updated)) == ["1 accepted: "]
    assert _bring(lake, 2, _state(1, "60", updated), _state(1, "60", updated)) == [
        "1 accepted: ", "1 duplicate: repeated_key",
    ]  # fmt: skip
    assert _orders(lake) == [("o1", "paid", FIRST, Decimal(60))]


def test_a_void_state_takes_the_order_back_and_a_newer_one_brings_it_again(
    spark: SparkSession, lake: Lake
) -> None:
    lines = '[{"no":"1","n":2,"price":"70.10"},{"no":"2","n":1,"price":"29.90"}]'
    _bring(lake, 1, _state(1, "100", 1, items=lines))
    assert [row["amount"] for row in lake.read_rows(ORDER_LINES).to_pylist()] == [
        Decimal("70.10"),
        Decimal("29.90"),
    ]
    assert _bring(lake, 2, _state(1, "100", 2, "cancelled")) == ["1 accepted: "]
    assert (_orders(lake), lake.read_rows(ORDER_LINES).num_rows) == ([], 0)
    assert _bring(lake, 3, _state(3, "90", 3)) == ["1 accepted: "]
    assert _orders(lake) == [("o1", "paid", _day(3), Decimal(90))]
    assert lake.read_rows(ORDER_STATES).num_rows == 3


def test_a_filter_speaks_of_the_state_that_holds(spark: SparkSession, lake: Lake) -> None:
    _bring(lake, 1, _state(1, "100", 1))
    assert _bring(lake, 2, _state(1, "100", 2, "test")) == ["1 filtered: test order"]
    assert _orders(lake) == []


def test_a_state_that_comes_too_late_is_a_correction_of_an_order_that_came_in_time_and_late_otherwise(
    spark: SparkSession, lake: Lake
) -> None:
    _bring(lake, 1, _state(1, "100", 1))
    other = _state(1, "7", 9) | {"id": "o2"}
    assert _bring(lake, 9, _state(1, "60", 9), other, other) == ["1 accepted: ", "2 late: too_late"]
    assert _orders(lake) == [("o1", "paid", FIRST, Decimal(60))]


def test_an_order_whose_payment_time_is_taken_back_keeps_its_row_without_a_day(
    spark: SparkSession, lake: Lake
) -> None:
    _bring(lake, 1, _state(1, "100", 1))
    _bring(lake, 9, _state(None, "100", 9))
    assert _orders(lake) == [("o1", "paid", None, Decimal(100))]


def test_what_held_before_holds_once_more_when_a_file_is_judged_again_without_the_state(
    spark: SparkSession, lake: Lake
) -> None:
    _bring(lake, 1, _state(1, "100", 1))
    _bring(lake, 2, _state(1, "60", 2))
    assert _bring(lake, 2, _state(2, "5", 2) | {"id": "o2"}, is_repeated=True) == ["1 accepted: "]
    assert _orders(lake) == [("o1", "paid", FIRST, Decimal(100)), ("o2", "paid", _day(2), Decimal(5))]


@dataclass(frozen=True)
class Told:
    """A state as the oracle knows it; its place in the tuple of all states is its landing order."""

    key: str
    landed: int
    paid: int | None
    updated: int | None
    amount: str
    status: str


def holding(states: list[Told], lateness: int) -> list[tuple[Any, ...]]:
    """Plain: the states of each order one by one in landing order; late ones are left out, the last of the newest holds."""
    orders = []
    for key in {state.key for state in states}:
        kept: list[Told] = []
        for state in (state for state in states if state.key == key):
            is_in_time = state.paid is None or state.landed - state.paid <= lateness
            if kept or is_in_time:
                kept.append(state)
        if not kept:
            continue
        newest = max(state.updated or 0 for state in kept)
        last = [state for state in kept if (state.updated or 0) == newest][-1]
        if last.status == "paid":
            day = None if last.paid is None else _day(last.paid)
            orders.append((key, "paid", day, Decimal(last.amount)))
    return sorted(orders, key=str)


def test_however_the_files_are_split_into_runs_the_orders_are_those_of_one_run(
    spark: SparkSession, tmp_path: Path
) -> None:
    rng, days = random.Random(1), 5
    states = [
        Told(f"o{rng.randrange(120)}", landed, rng.choice([None, *range(1, landed + 1)]),
             rng.choice([None, *range(1, landed + 1)]), rng.choice(["10", "20.50"]),
             rng.choice(["paid", "paid", "paid", "cancelled", "test"]))
        for landed in range(1, days + 1)
        for _ in range(100)
    ]  # fmt: skip
    files = [
        (_day(day), f"{_day(day)}.csv", [
            _state(s.paid, s.amount, s.updated, s.status) | {"id": s.key} for s in states if s.landed == day
        ])
        for day in range(1, days + 1)
    ]  # fmt: skip
    expected = holding(states, 1)
    for number, runs in enumerate(([files], [[file] for file in files])):
        lake = Lake(str(tmp_path / f"lake{number}"), spark)
        for run in runs:
            ingest(lake, FEED, run, lateness=1)
        assert sorted(_orders(lake), key=str) == expected
