"""A lake of literal rows: ten days, of which the last three are provisional, and what the tests name in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from jobs.lake.tables import Lake
from schemas.metrics.retention import COHORT_KINDS, WINDOWS
from schemas.ops.tables import INGEST_BALANCE, METRIC_DEFINITION, PUBLICATION, QUALITY_RESULT, RUN
from schemas.reports.activity import ACTIVITY_DAILY, ENGAGEMENT_REPORT, OVERVIEW_REPORT
from schemas.reports.dimensions import DIM_SCOPE
from schemas.reports.freshness import FRESHNESS
from schemas.reports.orders import ORDERS_DAILY_REPORT
from schemas.reports.retention import RETENTION_REPORT

Row = dict[str, object]
FIRST, CLOSED, LAST = date(2026, 3, 1), date(2026, 3, 21), date(2026, 3, 24)
EVIL = "<script>window.hacked = 1</script>"
SCENES = {"search": ("Search", "搜索", 40), "cart": ("Cart", "购物车", 30), "home": ("Home feed", "首页推荐", 20),
          EVIL: (EVIL, EVIL, 10), "idle": ("Idle corner", "冷清角落", 0)}  # fmt: skip
STAMPS: Row = {"group_type": "all", "group_id": "all", "definition_hash": "now"}
AT = datetime(2026, 3, 25, 4, 30, tzinfo=UTC)


def days() -> list[date]:
    return [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def dau(base: int, day: date) -> int:
    """Users of a scope on a day: its base, one more each day; an idle scope has none."""
    return base + day.day if base else 0


def activity_row(day: date, scope: tuple[str, str], base: int) -> Row:
    users, month = dau(base, day), 4 * base
    return {
        **STAMPS, "activity_date": day, "scope_type": scope[0], "scope_id": scope[1], "events": 3 * users, "exposures": 7,
        "anonymous_events": 2 if scope[0] == "all" else None, "excluded_events": 1 if scope[0] == "all" else None,
        "dau": users, "wau": 2 * users, "mau28": month, "mau30": month, "new_to_platform": 1, "new_to_scope": 2,
        "unique_only_here": 3, "user_days_28": 9 * users, "light": base, "medium": base, "regular": base, "core": base,
        "events_per_active": 3.0 if users else None, "stickiness": users / month if month else None,
        "stickiness_avg": 0.25 if month else None, "is_left_censored": day < date(2026, 3, 5), "is_complete": day <= CLOSED,
    }  # fmt: skip


def retention_rows(scope: tuple[str, str], base: int) -> Iterator[Row]:
    for day in days():
        for kind in COHORT_KINDS:
            for window in WINDOWS:
                is_complete = day + timedelta(days=window.day_to) <= CLOSED
                retained = min(base, window.day_to) if is_complete else None
                yield {
                    **STAMPS, "cohort_date": day, "scope_type": scope[0], "scope_id": scope[1], "cohort_kind": kind,
                    "retention_window": window.name, "day_from": window.day_from, "day_to": window.day_to,
                    "cohort_size": base, "retained_so_far": retained or 0, "retained": retained,
                    "rate": retained / base if base and retained is not None else None,
                    "is_left_censored": False, "is_complete": is_complete,
                }  # fmt: skip


def orders_row(day: date) -> Row:
    return {
        **STAMPS, "order_date": day, "scope_type": "all", "scope_id": "all", "orders": 10 + day.day, "buyers": 9,
        "gmv_paid": Decimal(f"{1000 + day.day}.25"), "refunds": Decimal("7.50"), "net_cash": Decimal(f"{992 + day.day}.75"),
        "new_registered": None, "registered_users": None, "is_complete": day <= CLOSED,
    }  # fmt: skip


def scope_row(scope: tuple[str, str], name_en: str, name_zh: str) -> Row:
    return {"scope_type": scope[0], "scope_id": scope[1], "name_en": name_en, "name_zh": name_zh, "class": "c", "owner": "o",
            "valid_from": FIRST}  # fmt: skip


def gate_row(rule: str, is_success: bool, severity: str = "critical", run_id: str = "run-2") -> Row:
    return {"run_id": run_id, "table_name": "reports.activity_daily", "expectation": "e", "rule": rule,
            "severity": severity, "is_success": is_success, "unexpected_count": 0 if is_success else 4}  # fmt: skip


def run_row(run_id: str, hour: int) -> Row:
    at = AT.replace(hour=hour)
    return {"run_id": run_id, "command": "check", "started_at": at, "code_version": "1", "config_hash": "c"}


def balance_row(outcome: str, reason: str, records: int, day: date = LAST, file: str = "a") -> Row:
    return {"source": "demo.app", "file": file, "arrival_date": day, "outcome": outcome, "reason": reason,
            "records": records, "run_id": "run-2"}  # fmt: skip


def freshness_row(table: str, closed: date | None = CLOSED) -> Row:
    return {"table_name": table, "last_arrival_date": LAST, "closed_through": closed, "published_version": 1}


def definition_row(metric: str, meaning: str, definition_hash: str = "now") -> Row:
    return {"table_name": "reports.activity_daily", "metric": metric, "meaning": meaning, "unit": "users",
            "expression": "count(*)", "is_additive": False, "definition_hash": definition_hash}  # fmt: skip


def write_activity(lake: Lake, scenes: dict[str, tuple[str, str, int]]) -> None:
    """The reports that a lake with nothing but activity has."""
    scopes = {("all", "all"): ("Everything", "全部", 90)} | {
        ("scene", code): named for code, named in scenes.items()
    }
    activity = [activity_row(day, scope, base) for scope, (_, _, base) in scopes.items() for day in days()]
    lake.replace_rows(ACTIVITY_DAILY, activity, None)
    listed = [row for row in activity if row["scope_type"] == "all" or row["scope_id"] == next(iter(scenes))]
    lake.replace_rows(OVERVIEW_REPORT, listed, None)
    histogram: Iterable[Row] = (
        {**STAMPS, "activity_date": CLOSED, "scope_type": scope[0], "scope_id": scope[1], "active_days": n,
         "users": base // n, "is_left_censored": False, "is_complete": True}
        for scope, (_, _, base) in scopes.items() for n in range(1, 29)
    )  # fmt: skip
    lake.replace_rows(ENGAGEMENT_REPORT, list(histogram), None)
    retention = [row for scope, (_, _, base) in scopes.items() for row in retention_rows(scope, base)]
    lake.replace_rows(RETENTION_REPORT, retention, None)
    lake.replace_rows(DIM_SCOPE, [scope_row(scope, en, zh) for scope, (en, zh, _) in scopes.items()], None)


def whole_shop(root: Path) -> Lake:
    """A lake with everything that the page can show."""
    lake = Lake(str(root))
    write_activity(lake, SCENES)
    lake.replace_rows(ORDERS_DAILY_REPORT, [orders_row(day) for day in days()], None)
    lake.replace_rows(
        FRESHNESS, [freshness_row("reports.activity_daily"), freshness_row("reports.dim_scope", None)], None
    )
    lake.append_rows(RUN, [run_row("run-1", 2), run_row("run-2", 3)])
    gates = [
        gate_row("dau is known", True),
        gate_row("wau holds dau", False, "warning"),
        gate_row("old", False, run_id="run-1"),
    ]
    lake.append_rows(QUALITY_RESULT, gates)
    refused = [balance_row("quarantined", "bad_time", 3), balance_row("quarantined", "bad_time", 2, file="b")]
    lake.append_rows(INGEST_BALANCE, [balance_row("accepted", "accepted", 995, FIRST), *refused])
    lake.append_rows(
        METRIC_DEFINITION,
        [definition_row("dau", "Users of the day."), definition_row("dau", "Old.", "before")],
    )
    published = {"run_id": "run-2", "table_name": "reports.activity_daily", "row_count": 1, "stage_digest": "d", "digest": "d",
                 "table_version": 1, "input_versions": "{}", "code_version": "1", "config_hash": "c", "published_at": AT}  # fmt: skip
    lake.append_rows(PUBLICATION, [published])
    return lake
