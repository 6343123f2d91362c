"""A planted cause changes exactly what it says, and truth.json says it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from conf.errors import ConfigError
from jobs.dev.demo.activity import WEB
from jobs.dev.demo.plants import LateFile, Outage, Vanished, parse
from jobs.dev.demo.shop import START, generate

Land = Callable[..., tuple[dict[str, list[dict[str, Any]]], list[dict[str, Any]]]]


@pytest.fixture
def land(tmp_path: Path) -> Land:
    """Web events by landing folder and file, and what truth.json says was planted."""

    def landed(*plants: str) -> tuple[dict[str, list[dict[str, Any]]], list[dict[str, Any]]]:
        generate(tmp_path, seed=5, users=80, days=10, faults=0, form="parquet", plants=plants)
        files = sorted((tmp_path / "activity_web").rglob("*.parquet"))
        rows = {f"{path.parent.name[3:]}/{path.stem}": pq.read_table(path).to_pylist() for path in files}
        return rows, json.loads((tmp_path / "truth.json").read_text())["plants"]

    return landed


def _events(files: dict[str, list[dict[str, Any]]], day: str) -> list[dict[str, Any]]:
    return files[f"{day}/part-0"]


def test_an_outage_takes_the_scene_out_on_its_days_and_nothing_else(land: Land) -> None:
    whole, _ = land()
    holed, told = land("outage:search:2026-03-04:2026-03-05")
    days = ("2026-03-04", "2026-03-05")
    for file, rows in whole.items():
        is_out = file[:10] in days
        assert holed[file] == [row for row in rows if not (is_out and row["scene"] == "search")]
    lost = sum(len(_events(whole, day)) - len(_events(holed, day)) for day in days)
    assert lost > 0
    assert told == [
        {"plant": "outage", "scene": "search", "date_from": days[0], "date_to": days[1], "events": lost}
    ]


def test_an_event_type_vanishes_from_its_day_on(land: Land) -> None:
    whole, _ = land()
    holed, told = land("vanished:click:2026-03-08")
    clicks = {
        day: [sum(row["event_type"] == "click" for row in _events(files, day)) for files in (whole, holed)]
        for day in ("2026-03-07", "2026-03-08", "2026-03-10")
    }
    assert clicks["2026-03-07"][0] == clicks["2026-03-07"][1] > 0
    assert clicks["2026-03-08"][0] > clicks["2026-03-08"][1] == clicks["2026-03-10"][1] == 0
    assert told[0]["events"] == sum(len(whole[file]) - len(holed[file]) for file in whole)


def test_half_of_a_day_lands_in_a_file_of_its_own_days_later(land: Land) -> None:
    whole, _ = land()
    late, told = land("late_file:2026-03-03:5")
    moved = late["2026-03-08/part-1-of-2026-03-03"]
    both = [*_events(late, "2026-03-03"), *moved]
    assert sorted(both, key=lambda row: row["event_id"]) == sorted(
        _events(whole, "2026-03-03"), key=lambda row: row["event_id"]
    )
    assert told == [
        {"plant": "late_file", "landing_date": "2026-03-03", "landed_on": "2026-03-08", "days_late": 5,
         "is_within_lateness": False, "events": len(moved)}
    ]  # fmt: skip


def test_a_file_beyond_the_lateness_is_late_for_its_events(tmp_path: Path) -> None:
    late = ["late_file:2026-03-03:4"]
    before, after = (
        generate(tmp_path, users=80, days=10, faults=0, form="parquet", plants=plants)["feeds"][WEB]
        for plants in ([], late)
    )
    planted = json.loads((tmp_path / "truth.json").read_text())["plants"][0]["events"]
    assert 0 < planted < before["accepted"]
    assert after == {"accepted": before["accepted"] - planted, "late:too_late": planted}


def test_a_file_within_the_lateness_is_accepted_where_it_lands(tmp_path: Path) -> None:
    late = ["late_file:2026-03-03:2"]
    totals = [
        generate(tmp_path, users=80, days=10, faults=0, plants=plants)["feeds"] for plants in ([], late)
    ]
    assert totals[0] == totals[1]


@pytest.mark.parametrize(
    ("text", "plant"),
    [
        ("outage:cart:2026-03-02", Outage("cart", date(2026, 3, 2), date(2026, 3, 2))),
        ("vanished:view:2026-03-05", Vanished("view", date(2026, 3, 5))),
        ("late_file:2026-03-05:4", LateFile(date(2026, 3, 5), 4)),
    ],
)
def test_plants_are_read(text: str, plant: object) -> None:
    assert parse(text, START, 10) == plant


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("flood:cart:2026-03-02", "the forms are"),
        ("outage:kart:2026-03-02", "'kart' is none of home_feed"),
        ("vanished:view:2026-02-28", "2026-02-28 is not among the demo's days, 2026-03-01 to 2026-03-10"),
        ("vanished:view:soon", "Invalid isoformat string"),
        ("late_file:2026-03-05:0", "'0' is no number of days"),
        ("late_file:2026-03-05:6", "2026-03-11 is not among"),
        ("outage:cart:2026-03-05:2026-03-04", "the last day lies before the first"),
    ],
)
def test_what_is_no_plant_is_refused(text: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        parse(text, START, 10)
