"""Which days a run computes, how far each report is closed by what has arrived, and what it refuses to promise."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from conf.errors import SourceIncomplete
from conf.settings import Settings
from jobs.arrival.horizon import horizons
from jobs.arrival.report_window import computed_days
from jobs.lake.tables import Lake
from jobs.pipeline.days_to_compute import compute_range, days_to_compute
from jobs.pipeline.plan import plan
from jobs.sources.files.landing import LandedFile, landed
from jobs.sources.files.raw import ledger_rows
from schemas.ops.tables import INGESTED_FILE, PUBLICATION, RUN
from schemas.reports.activity import ACTIVITY_DAILY
from schemas.reports.freshness import FRESHNESS
from tests.small_shop import APP, SHOP, deploy, land

LOGS = ("app.log", "shop.log")
DAYS = {date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)}


@pytest.fixture
def shop(tmp_path: Path) -> Settings:
    """Three days have landed of everything; one day of lateness."""
    land(tmp_path)
    return deploy(tmp_path)


def _without_spark(settings: Settings) -> Lake:
    return Lake.on_driver(settings.lake, settings.spark)


def _published(lake: Lake, shop: Settings) -> None:
    """All days were computed at ten and published."""
    at = datetime(2026, 3, 4, 10, tzinfo=UTC)
    common = {
        "started_at": at,
        "finished_at": at,
        "exit_code": 0,
        "code_version": "1",
        "config_hash": shop.hash,
    }
    published = {"run_id": "20260304T100000-whole", "table_name": ACTIVITY_DAILY.name, "row_count": 1, "stage_digest": "d",
                 "digest": "d", "table_version": 1, "input_versions": "{}", "code_version": "1", "config_hash": shop.hash,
                 "published_at": at}  # fmt: skip
    lake.append_rows(
        RUN,
        [
            common | {"run_id": "20260304T100000-whole", "command": command}
            for command in ("compute", "publish")
        ],
    )
    lake.append_rows(PUBLICATION, [published])


def test_a_day_that_has_not_arrived_is_named_and_nothing_is_planned(shop: Settings) -> None:
    with pytest.raises(
        SourceIncomplete, match="activity has arrived up to 2026-03-03, and not to 2026-03-04"
    ):
        plan(shop, _without_spark(shop), None, date(2026, 3, 4))


def test_a_day_that_is_held_back_names_the_file_that_is_waited_for(shop: Settings, tmp_path: Path) -> None:
    (tmp_path / "landing" / "web" / "2026-03-02.csv").unlink()
    with pytest.raises(SourceIncomplete) as raised:
        plan(shop, _without_spark(shop), None, date(2026, 3, 3))
    assert str(raised.value).splitlines() == [
        "activity has arrived up to 2026-03-01, and not to 2026-03-03",
        "shop.log: 2026-03-02 has not landed, and a file of a later day has",
    ]
    assert plan(shop, _without_spark(shop)).compute == (date(2026, 3, 1), date(2026, 3, 1))
    alone = plan(shop, _without_spark(shop), None, date(2026, 3, 3), source="app")
    assert ({file.source for file in alone.files}, alone.compute) == ({"app"}, None), (
        "its files wait for no other's"
    )


def test_a_day_for_which_activity_owes_no_file_may_be_asked_for(shop: Settings, tmp_path: Path) -> None:
    free = {
        name: text.replace("calendar: daily", "calendar: as_delivered")
        for name, text in (("app", APP), ("shop", SHOP))
    }
    settings = deploy(tmp_path, **free)
    assert plan(settings, _without_spark(settings), None, date(2026, 3, 5)).compute == (min(DAYS), max(DAYS))


def test_what_closes_only_now_is_computed_again_although_its_days_lie_further_back(shop: Settings) -> None:
    lake = _without_spark(shop)
    late = dict.fromkeys((*LOGS, "shop.order_log", "shop.refund_log"), DAYS)
    fresh = [
        {"table_name": name, "last_arrival_date": max(DAYS), "closed_through": closed, "published_version": 1}
        for name, closed in (
            (ACTIVITY_DAILY.name, date(2026, 3, 2)),
            ("reports.orders_daily", date(2026, 2, 28)),
        )
    ]
    lake.replace_rows(FRESHNESS, fresh, None)
    assert days_to_compute(shop, lake, horizons(shop, late), min(DAYS), []) == []
    assert days_to_compute(shop, lake, horizons(shop, late | {"shop.user_list": DAYS}), min(DAYS), []) == [
        ((date(2026, 3, 1), date(2026, 3, 3)), "what is known from 2026-03-01 on is final now")
    ]


def test_files_beyond_a_missing_day_give_nothing_to_compute_yet(shop: Settings) -> None:
    held = horizons(shop, {"app.log": DAYS | {date(2026, 3, 8)}, "shop.log": DAYS | {date(2026, 3, 8)}})
    assert held["activity"].last_arrival == date(2026, 3, 3)
    assert days_to_compute(shop, _without_spark(shop), held, min(DAYS), [date(2026, 3, 8)]) == []


def test_a_day_that_is_asked_for_is_computed_also_beside_files_beyond_a_missing_day(shop: Settings) -> None:
    lake = _without_spark(shop)
    _published(lake, shop)
    held = horizons(shop, {"app.log": DAYS | {date(2026, 3, 8)}, "shop.log": DAYS | {date(2026, 3, 8)}})
    beyond = [file for file in landed(shop) if file.file == "app/2026-03-03.csv"]
    beyond = [replace(file, landing_date=date(2026, 3, 8)) for file in beyond]
    day = date(2026, 3, 2)
    assert compute_range(shop, lake, held, beyond, day, day) == ((min(DAYS), day), "asked for by date")
    assert compute_range(shop, lake, held, beyond, None, None) == (None, "")


def test_days_before_the_first_arrival_are_computed_where_history_starts_before_it(shop: Settings) -> None:
    early = shop.model_copy(update={"history_start": date(2026, 2, 26)})
    assert plan(early, _without_spark(early)).compute == (date(2026, 2, 26), date(2026, 3, 3))


@pytest.mark.parametrize(
    ("users", "arrived", "closed"),
    [
        (DAYS, date(2026, 3, 3), date(2026, 3, 2)),
        ({date(2026, 3, 1), date(2026, 3, 2)}, date(2026, 3, 2), date(2026, 3, 1)),
        (set(), None, date(2026, 2, 28)),
    ],
)
def test_a_report_is_closed_as_far_as_all_that_it_reads_and_not_at_all_before_that_has_landed(
    shop: Settings, users: set[date], arrived: date | None, closed: date
) -> None:
    landed = dict.fromkeys((*LOGS, "shop.order_log", "shop.refund_log"), DAYS) | {"shop.user_list": users}
    days = min(DAYS), max(DAYS)
    windows = computed_days(shop, _without_spark(shop), horizons(shop, landed), days).windows
    orders, activity = windows["reports.orders_daily"], windows["reports.activity_daily"]
    assert (orders.sources_arrived, orders.closed_through) == (arrived, closed)
    assert (activity.sources_arrived, activity.closed_through) == (date(2026, 3, 3), date(2026, 3, 2))


def test_files_that_a_later_run_lands_are_in_the_plan_with_the_reason(tmp_path: Path) -> None:
    land(tmp_path)
    mapping = APP.replace("app/{{date}}*.csv", "app/{{date}}*.csv\n    stable_seconds: 60")
    settings = deploy(tmp_path, app=mapping)
    for day in (1, 2):
        os.utime(tmp_path / "landing" / "app" / f"2026-03-0{day}.csv", (0, 0))
    lake = _without_spark(settings)
    steps = plan(settings, lake).describe()
    assert (
        "ingest app.log",
        "2026-03-01",
        "2026-03-02",
        "2 files have landed and were not ingested",
    ) in steps
    held = ("leave app.log", "2026-03-03", "2026-03-03", "1 files: changed less than 60 seconds ago")
    assert held in steps
    assert held not in plan(settings, lake, None, date(2026, 3, 2)).describe()
    third = LandedFile("app.log", "app/2026-03-03.csv", "", date(2026, 3, 3), 1)
    lake.append_rows(INGESTED_FILE, ledger_rows([third], {third.key: 1}, "20260304T090000-whole"))
    assert held not in plan(settings, lake).describe(), "what was ingested is not awaited"
