"""Which days a run computes, how far each report is closed by what has arrived, and what it refuses to promise."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from conf.errors import SourceIncomplete
from conf.settings import Settings
from jobs.compute import contexts
from jobs.ingest.arrival import horizons
from jobs.lake import Lake
from jobs.plan import plan
from tests.small_shop import deploy, land

LOGS = ("app.log", "shop.log")
DAYS = {date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)}


@pytest.fixture
def shop(tmp_path: Path) -> Settings:
    """Three days have landed of everything; one day of lateness."""
    land(tmp_path)
    return deploy(tmp_path)


def _without_spark(settings: Settings) -> Lake:
    return Lake.of(settings)


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
    found = contexts(shop, _without_spark(shop), horizons(shop, landed), (min(DAYS), max(DAYS)))
    orders, activity = found["reports.orders_daily"], found["reports.activity_daily"]
    assert (orders.sources_arrived, orders.closed_through) == (arrived, closed)
    assert (activity.sources_arrived, activity.closed_through) == (date(2026, 3, 3), date(2026, 3, 2))
