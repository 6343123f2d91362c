"""A kind needs a declaration and a clean table, and no code: its nature says how records are judged and written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from conf.mapping import Feed, Mapping
from conf.settings import load
from jobs.lake.tables import Lake
from jobs.mapping.check import faults_of
from jobs.pipeline.replay import first_days
from schemas.columns import COLUMNS
from schemas.contract import DeclarationError, Table, pick
from schemas.kinds import KINDS
from schemas.kinds.declaration import Grain, Kind
from schemas.kinds.recognition import Recognition
from schemas.states import states_of
from tests.batches import ingest

FIRST, SECOND = date(2026, 3, 1), date(2026, 3, 2)
RECOGNITION = Recognition(rank=0, columns=(), key=re.compile("^id$"), drafted=())
CASES = Table(
    name="clean.cases",
    grain="One row per case, in its newest state.",
    key=("touch_id",),
    columns=pick(
        COLUMNS,
        "touch_id user_id? status created_at order_date updated_at? arrival_date source file position",
    ),
    owner="service",
    day="order_date",
)
CASE_STATES = states_of(CASES, "clean.case_states", "case")
LINKS = Table(
    name="clean.links",
    grain="One row per link and interval of days on which it held.",
    key=("session_id", "valid_from"),
    columns=pick(
        COLUMNS, "session_id valid_from valid_to? user_id? is_bot content_hash source file position"
    ),
    owner="data-platform",
)
STATE = Grain(
    name="case", nature="state", table=CASES, key="touch_id", must_map=("status", "created_at"),
    must_have=("status",), version="updated_at", states=CASE_STATES,
)  # fmt: skip
LIST = Grain(name="link", nature="snapshot", table=LINKS, key="session_id")
CASE_KIND = Kind("cases", (STATE,), RECOGNITION, instant="created_at", day="order_date")
LINK_KIND = Kind("links", (LIST,), RECOGNITION)
COLUMNS_OF = {
    "cases": {"user_id": "user", "status": "what", "created_at": "at", "updated_at": "changed"},
    "links": {"user_id": "user"},
}


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for kind in (CASE_KIND, LINK_KIND):
        monkeypatch.setitem(KINDS, kind.name, kind)
    yield


def _feed(kind: str) -> Feed:
    return Feed.model_validate(
        {"kind": kind, "input": "log", "key": {"column": "id"}, "columns": COLUMNS_OF[kind]}
    )


def _bring(
    lake: Lake, kind: str, day: date, records: list[dict[str, Any]], *, twice: bool = False
) -> list[str]:
    """Outcomes of the records of a day's file, counted."""
    return ingest(lake, _feed(kind), [(day, f"{day}", records)], is_repeated=twice)


def test_of_a_state_the_newest_is_kept_and_an_older_one_takes_no_ones_place(
    spark: SparkSession, lake: Lake
) -> None:
    opened = {
        "id": "c1",
        "user": "u",
        "what": "open",
        "at": "2026-03-01T09:00:00Z",
        "changed": "2026-03-01T09:00:00Z",
    }
    closed = opened | {"what": "closed", "changed": "2026-03-02T09:00:00Z"}
    without = {"id": "c2", "user": "u", "at": "2026-03-01T09:00:00Z"}
    assert _bring(lake, "cases", SECOND, [closed, closed, without]) == [
        "1 accepted: ", "1 duplicate: repeated_key", "1 quarantined: missing_required",
    ]  # fmt: skip
    assert _bring(lake, "cases", FIRST, [opened]) == ["1 superseded: older_state"]
    rows = lake.read_rows(CASES).to_pylist()
    assert [(row["touch_id"], row["status"], row["order_date"]) for row in rows] == [("c1", "closed", FIRST)]


def test_of_a_snapshot_the_days_are_kept_on_which_it_held(spark: SparkSession, lake: Lake) -> None:
    assert _bring(lake, "links", FIRST, [{"id": "s1", "user": "u1"}, {"id": "s2", "user": "u1"}]) == [
        "2 accepted: "
    ]
    assert _bring(lake, "links", SECOND, [{"id": "s1", "user": "u2"}, {"id": "s2", "user": "u1"}]) == [
        "1 accepted: ", "1 superseded: unchanged",
    ]  # fmt: skip

    def intervals() -> list[tuple[Any, ...]]:
        names = ("session_id", "user_id", "is_bot", "valid_from", "valid_to")
        return sorted(tuple(row[n] for n in names) for row in lake.read_rows(LINKS).to_pylist())

    assert intervals() == [
        ("s1", "u1", False, FIRST, FIRST), ("s1", "u2", False, SECOND, None), ("s2", "u1", False, FIRST, None),
    ]  # fmt: skip
    assert _bring(lake, "links", SECOND, [{"id": "s2", "user": "u1"}], twice=True) == [
        "1 superseded: unchanged"
    ]
    assert intervals() == [("s1", "u1", False, FIRST, None), ("s2", "u1", False, FIRST, None)]


def test_a_replay_begins_with_the_first_file_where_rows_were_rewritten(tmp_path: Path) -> None:
    mapping = Mapping.model_validate(
        {
            "title": "Desk", "root": ".", "zone": "UTC",
            "inputs": {"log": {"path": "{date}.csv", "format": {"kind": "csv"}, "delivery": {"calendar": "daily"}}},
            "feeds": {"cases": _feed("cases")},
        }
    )  # fmt: skip
    assert list(faults_of(mapping)) == []
    settings = load(None, str(tmp_path))
    for feed, first in (("cases", SECOND), ("links", SECOND)):
        one = mapping.model_copy(update={"feeds": {feed: _feed(feed)}})
        desk = settings.model_copy(update={"sources": {"desk": one}})
        assert first_days(desk, {"desk": SECOND}) == {"desk.log": first}


@pytest.mark.parametrize(
    ("grain", "message"),
    [
        ({"version": None}, "a state, and nothing else, has a version and a table of states"),
        ({"must_have": ("user_id",)}, "what may not be empty must be mapped"),
        ({"key": "case_id"}, "the table has no columns case_id"),
        ({"nature": "snapshot", "version": None, "states": None}, "the table has no columns content_hash, valid_from, valid_to"),
    ],
)  # fmt: skip
def test_a_grain_that_contradicts_its_table_is_refused(grain: dict[str, Any], message: str) -> None:
    with pytest.raises(DeclarationError, match=f"grain case of clean.cases: {message}"):
        Grain(**{name: getattr(STATE, name) for name in STATE.__dataclass_fields__} | grain)


@pytest.mark.parametrize(
    ("grains", "more", "message"),
    [
        ((STATE, LIST), {}, "its grains must all be snapshots, or none of them"),
        ((STATE,), {}, "what is no snapshot has an instant and a day"),
        ((STATE,), {"instant": "created_at", "day": "order_date", "feeds_overlap": True}, "only facts of several feeds"),
        ((STATE,), {"instant": "paid_at", "day": "order_date"}, "clean.cases has no instant or no day"),
    ],
)  # fmt: skip
def test_a_kind_that_contradicts_its_nature_is_refused(
    grains: tuple[Grain, ...], more: dict[str, Any], message: str
) -> None:
    with pytest.raises(DeclarationError, match=f"kind cases: {message}"):
        Kind("cases", grains, RECOGNITION, **more)
