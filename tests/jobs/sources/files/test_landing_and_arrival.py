"""Which files have landed and are new, and how far that brings each kind of feed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from conf.errors import ConfigError, ContractError, SourceIncomplete
from jobs.arrival.horizon import horizons, missing_days, require_landed_kind
from jobs.lake.arrow import arrow_schema
from jobs.sources.files.landing import landed, pending
from jobs.sources.files.raw import ledger_rows
from schemas.ops.tables import INGESTED_FILE

from .conftest import Deploy

Land = Callable[[str, bytes], Path]
DAILY = ("log/dt={date}/*.csv", {"kind": "csv"}, {"calendar": "daily"}, ("activity",))
EMPTY = arrow_schema(INGESTED_FILE).empty_table()


def _day(day: int) -> date:
    return date(2026, 3, day)


def _ledger(files: list) -> pa.Table:
    counts = {(file.input, file.file): 1 for file in files}
    return pa.Table.from_pylist(ledger_rows(files, counts, "run"), schema=arrow_schema(INGESTED_FILE))


def test_files_land_by_the_day_in_their_path_and_unfinished_ones_are_no_data(
    deploy: Deploy, land: Land
) -> None:
    settings = deploy(log=DAILY)
    land("log/dt=2026-03-02/a b%+#中.csv", b"x\n1\n")
    land("log/dt=2026-03-01/part.csv", b"x\n1\n")
    land("log/dt=2026-03-01/_part.csv", b"x\n1\n")
    land("log/dt=2026-03-01/part.csv.tmp", b"x\n1\n")
    found = [(file.file, file.landing_date) for file in landed(settings)]
    assert found == [("log/dt=2026-03-01/part.csv", _day(1)), ("log/dt=2026-03-02/a b%+#中.csv", _day(2))]


@pytest.mark.parametrize(
    ("pattern", "file"),
    [
        ("log/{date:%Y%m%d}/*.csv", "log/20260301/a.csv"),
        ("{date:%Y/%m/%d}/*/log.csv", "2026/03/01/h01/log.csv"),
        ("log_{date:%d.%m.%Y}.csv", "log_01.03.2026.csv"),
        ("dt={date}/log-{date:%Y%m%d}-?.csv", "dt=2026-03-01/log-20260301-1.csv"),
        ("{date}.csv", "2026-03-01.csv"),
        ("[{date}].csv", "[2026-03-01].csv"),
    ],
)
def test_the_day_is_read_from_a_folder_or_a_name_in_any_form(
    deploy: Deploy, land: Land, pattern: str, file: str
) -> None:
    settings = deploy(log=(pattern, *DAILY[1:]))
    land(file, b"x\n1\n")
    land("2026-03-01.txt", b"no file of the input")
    assert [(found.file, found.landing_date) for found in landed(settings)] == [(file, _day(1))]


@pytest.mark.parametrize(
    ("pattern", "file", "message"),
    [
        ("log/{date}.csv", "log/2026-02-30.csv", "2026-02-30.csv: 2026-02-30 is no date"),
        ("dt={date}/{date:%Y%m%d}.csv", "dt=2026-03-01/20260302.csv", "20260302.csv: names 2 different days"),
    ],
)
def test_a_file_without_a_clear_day_is_refused(
    deploy: Deploy, land: Land, pattern: str, file: str, message: str
) -> None:
    settings = deploy(log=(pattern, *DAILY[1:]))
    land(file, b"x\n1\n")
    with pytest.raises(ContractError, match=message):
        landed(settings)


def test_a_root_that_does_not_exist_is_named_with_its_line(deploy: Deploy, tmp_path: Path) -> None:
    settings = deploy(log=DAILY)
    (tmp_path / "landing").rmdir()
    with pytest.raises(ConfigError, match=r"shop.yml, line \d+: root: no such folder: .*landing"):
        landed(settings)


def test_only_files_that_the_ledger_does_not_know_are_new(deploy: Deploy, land: Land) -> None:
    settings = deploy(log=DAILY)
    land("log/dt=2026-03-01/a.csv", b"x\n1\n")
    first = pending(landed(settings), EMPTY, None, None)
    land("log/dt=2026-03-02/b.csv", b"x\n2\n")
    assert [file.file for file in pending(landed(settings), _ledger(first), None, None)] == [
        "log/dt=2026-03-02/b.csv"
    ]


def test_a_changed_file_under_an_old_name_is_refused(deploy: Deploy, land: Land) -> None:
    settings = deploy(log=DAILY)
    land("log/dt=2026-03-01/a.csv", b"x\n1\n")
    first = pending(landed(settings), EMPTY, None, None)
    land("log/dt=2026-03-01/a.csv", b"x\n2\n")
    with pytest.raises(ContractError, match="a.csv: was ingested with SHA-256"):
        pending(landed(settings), _ledger(first), None, None)


def test_the_same_content_under_a_new_name_is_known_for_what_it_is(deploy: Deploy, land: Land) -> None:
    settings = deploy(log=DAILY)
    land("log/dt=2026-03-01/a.csv", b"x\n1\n")
    first = pending(landed(settings), EMPTY, None, None)
    land("log/dt=2026-03-02/again.csv", b"x\n1\n")
    again = pending(landed(settings), _ledger(first), None, None)
    assert [(file.file, file.same_as) for file in again] == [
        ("log/dt=2026-03-02/again.csv", "log/dt=2026-03-01/a.csv")
    ]


@pytest.mark.parametrize(
    ("calendar", "last", "closed", "gaps"),
    [("daily", 2, date(2026, 2, 27), (("shop.log", _day(3)),)), ("as_delivered", 5, _day(2), ())],
)
def test_a_missing_day_holds_a_daily_input_back_and_no_other(
    deploy: Deploy, calendar: str, last: int, closed: date, gaps: tuple[tuple[str, date], ...]
) -> None:
    settings = deploy(log=(DAILY[0], DAILY[1], {"calendar": calendar}, ("activity",)))
    found = horizons(settings, {"shop.log": {_day(1), _day(2), _day(4), _day(5)}})["activity"]
    assert (found.first_arrival, found.last_arrival, found.closed_through, found.gaps[:1]) == (
        _day(1),
        _day(last),
        closed,
        gaps,
    )


def test_a_whole_history_is_closed_through_its_last_day(deploy: Deploy) -> None:
    settings = deploy(log=("all.csv", {"kind": "csv"}, {"complete_through": _day(9)}, ("activity",)))
    found = horizons(settings, {"shop.log": {_day(9)}})["activity"]
    assert (found.last_arrival, found.closed_through, found.is_whole) == (_day(9), _day(9), True)


def test_a_kind_is_as_far_as_the_least_of_its_inputs(deploy: Deploy) -> None:
    web = ("web/dt={date}/*.csv", {"kind": "csv"}, {"calendar": "daily"}, ("activity",))
    settings = deploy(log=DAILY, web=web)
    days = {"shop.log": {_day(1), _day(2), _day(3)}, "shop.web": {_day(1), _day(2)}}
    assert horizons(settings, days)["activity"].last_arrival == _day(2)


def test_what_comes_as_delivered_holds_no_other_input_and_no_kind_back(deploy: Deploy) -> None:
    free = {"calendar": "as_delivered"}
    settings = deploy(
        log=DAILY,
        web=("web/dt={date}/*.csv", {"kind": "csv"}, free, ("activity",)),
        paid_back=("refunds/dt={date}/*.csv", {"kind": "csv"}, free, ("refunds",)),
        paid=("orders/dt={date}/*.csv", {"kind": "csv"}, free, ("orders",)),
        people=("users/dt={date}/*.csv", {"kind": "csv"}, free, ("users",)),
    )
    days = {"shop.log": {_day(2), _day(3), _day(4)}, "shop.web": {_day(1)}, "shop.paid_back": {_day(2)}}
    found = horizons(settings, days)
    activity = found["activity"]
    assert (activity.first_arrival, activity.last_arrival, activity.closed_through) == (
        _day(1),
        _day(4),
        _day(1),
    )
    assert "users" not in found, "the first list may tell of any day"
    for kind in ("refunds", "orders"):  # of orders no file has come at all
        assert (found[kind].last_arrival, found[kind].closed_through) == (_day(4), _day(1))


def test_each_day_that_is_waited_for_is_named_with_its_input(deploy: Deploy) -> None:
    found = horizons(deploy(log=DAILY), {"shop.log": {_day(1), _day(4)}})["activity"]
    assert missing_days(found) == [
        "shop.log: 2026-03-02 has not landed, and a file of a later day has",
        "shop.log: 2026-03-03 has not landed, and a file of a later day has",
    ]


def test_activity_that_has_not_landed_stops_the_run(deploy: Deploy) -> None:
    with pytest.raises(SourceIncomplete, match="activity"):
        require_landed_kind(horizons(deploy(log=DAILY), {}))
