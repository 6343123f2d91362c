"""A family is given what it declares, each frame once, and of facts the days that the families need."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pyspark.sql import SparkSession

from jobs.arrival.report_window import ReportWindow
from jobs.reports.inputs import Deployment, SharedInputs
from schemas.clean.members import MEMBERS
from schemas.clean.orders import ORDERS
from schemas.contract import DeclarationError
from schemas.facts.scope_day import SCOPE_DAY
from schemas.facts.user_scope_day import COUNTED_BY_TYPE, USER_SCOPE_DAY
from schemas.reports.activity import ACTIVITY_DAILY, ACTIVITY_FAMILY
from schemas.reports.events_daily import EVENTS_DAILY_FAMILY
from schemas.reports.retention import RETENTION_FAMILY, RETENTION_REPORT
from tests.properties.frames import Frames, frame

DAY = date(2026, 5, 1)


def window(first: date) -> ReportWindow:
    return ReportWindow(first, DAY, date(2026, 1, 1), DAY, DAY, DAY, "hash")


def inputs(spark: SparkSession, **windows: ReportWindow) -> SharedInputs:
    def active(days: int) -> dict[str, Any]:
        return {"event_date": DAY - timedelta(days=days), "scope_type": "all", "scope_id": "all", "group_type": "all",
                "group_id": "all", "user_id": str(days)}  # fmt: skip

    rows = [active(days) for days in (0, 29, 30, 60, 61)]
    tables = Frames({USER_SCOPE_DAY: frame(spark, USER_SCOPE_DAY, rows), MEMBERS: frame(spark, MEMBERS, [])})
    deployment = Deployment(frozenset(), {}, date(2026, 1, 1), DAY)
    return SharedInputs(tables, deployment, {f"reports.{name}": one for name, one in windows.items()}, {})


def users(shared: SharedInputs) -> list[str]:
    return sorted(row.user_id for row in shared.of(ACTIVITY_FAMILY).frame(USER_SCOPE_DAY).collect())


def test_facts_begin_where_the_family_that_looks_back_farthest_begins(spark: SparkSession) -> None:
    activity = window(DAY)
    assert users(inputs(spark, activity_daily=activity)) == ["0", "29"]
    retention = window(DAY - timedelta(days=RETENTION_FAMILY.restated_days))
    assert users(inputs(spark, activity_daily=activity, retention=retention)) == ["0", "29", "30", "60"]


def test_a_frame_is_made_once_for_all_families(spark: SparkSession) -> None:
    shared = inputs(spark, activity_daily=window(DAY))
    first = shared.of(ACTIVITY_FAMILY).frame(USER_SCOPE_DAY)
    assert shared.of(RETENTION_FAMILY).frame(USER_SCOPE_DAY) is first


def test_what_a_family_does_not_declare_it_is_not_given(spark: SparkSession) -> None:
    shared = inputs(spark, activity_daily=window(DAY))
    message = "schemas/reports/retention.py does not say that it reads"
    with pytest.raises(DeclarationError, match=f"{message} facts.scope_day"):
        shared.of(RETENTION_FAMILY).frame(SCOPE_DAY)
    with pytest.raises(DeclarationError, match=f"{message} clean.orders"):
        shared.of(RETENTION_FAMILY).rows(ORDERS)
    with pytest.raises(DeclarationError, match="counted_by_type: no computation makes this shared frame"):
        shared.of(EVENTS_DAILY_FAMILY).frame(COUNTED_BY_TYPE)


def test_a_report_has_its_own_window(spark: SparkSession) -> None:
    shared = inputs(spark, activity_daily=window(DAY), retention=window(date(2026, 3, 2)))
    assert shared.of(ACTIVITY_FAMILY).window(ACTIVITY_DAILY).date_from == DAY
    assert shared.of(RETENTION_FAMILY).window(RETENTION_REPORT).date_from == date(2026, 3, 2)
