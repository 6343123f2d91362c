"""What a later state or list says of closed days is published in the run that brings it, as one run over everything would."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from conf.settings import Settings
from jobs.lake.tables import Lake
from jobs.pipeline.run import STAGES, run
from schemas.catalog import FACTS
from schemas.reports.orders import ORDERS_DAILY_REPORT
from tests.lakes import DIGESTED, Silent, digests
from tests.small_shop import EVENT, ORDER, deploy, land

THIRD = date(2026, 3, 3)
USER = "id,registered,level"
OLD_USERS = ("u1,2026-02-01T00:00:00Z,silver", "u2,2026-02-01T00:00:00Z,gold")
LATER = {
    "app/2026-03-04.csv": (EVENT, "b4,u1,2026-03-04T08:00:00Z,view,home"),
    "web/2026-03-04.csv": (EVENT,),
    "users/2026-03-04.csv": (USER, *OLD_USERS),
    "app/2026-03-05.csv": (EVENT, "b5,u1,2026-03-05T08:00:00Z,view,home"),
    "web/2026-03-05.csv": (EVENT,),
    "users/2026-03-05.csv": (USER, *OLD_USERS, "u3,2026-03-01T07:00:00Z,silver"),
    "orders/2026-03-05.csv": (
        ORDER,
        "o1,u1,cancelled,,2026-03-05T08:00:00Z,12.00",
        "o2,u2,captured,2026-03-05T09:00:00Z,2026-03-05T09:00:00Z,20.00",
    ),
}
"""Both orders were paid on the first: one is cancelled on the fifth, the other paid on it. u3 registered on the first."""


@pytest.fixture
def shop(tmp_path: Path) -> Settings:
    land(tmp_path, **LATER)
    return deploy(tmp_path)


def _orders_daily(lake: Lake) -> list[tuple[object, ...]]:
    names = ("order_date", "orders", "gmv_paid", "new_registered", "registered_users")
    rows = lake.read_rows(ORDERS_DAILY_REPORT).sort_by("order_date").to_pylist()
    return [(row["order_date"].day, *(row[name] for name in names[1:])) for row in rows]


def test_orders_that_move_or_are_cancelled_and_an_old_registration_restate_the_closed_days_they_touch(
    spark: SparkSession, shop: Settings
) -> None:
    run(shop, STAGES, None, THIRD, Silent())
    lake = Lake(shop.lake)
    assert _orders_daily(lake)[0] == (1, 2, Decimal(32), 0, 2)
    run(shop, STAGES, None, None, Silent())
    assert _orders_daily(lake) == [
        (1, 0, Decimal(0), 1, 3),
        (2, 0, Decimal(0), 0, 3),
        (3, 0, Decimal(0), 0, 3),
        (4, 0, Decimal(0), 0, 3),
        (5, 1, Decimal(20), 0, 3),
    ]
    assert (
        run(shop, STAGES, None, None, Silent()).messages[-1]
        == "nothing to compute: what is published is up to date"
    )
    at_once = shop.model_copy(update={"lake": f"{shop.lake}-at-once"})
    run(at_once, STAGES, None, None, Silent())
    tables = (*DIGESTED, *FACTS)
    assert digests(lake, tables) == digests(Lake(at_once.lake), tables)
