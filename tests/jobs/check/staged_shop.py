"""A lake on which two days of a small shop are staged, made by the oracle: every gate holds, nothing needs Spark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from conf.settings import Settings, load
from jobs.arrival.history import processed_horizons
from jobs.arrival.report_window import computed_days
from jobs.lake.arrow import to_arrow
from jobs.lake.tables import Lake
from jobs.publish.stage import stage_frames
from jobs.reports.dimensions import dim_date, dim_scope
from schemas.catalog import REPORT_OF, TABLES
from schemas.clean.activity import EVENTS
from schemas.clean.members import MEMBERS
from schemas.contract import Table
from schemas.metrics.declaration import Metric
from schemas.ops.tables import INGEST_BALANCE, INGESTED_FILE, PROFILE
from schemas.reports.declaration import Report
from tests.oracle.activity import Oracle
from tests.oracle.commerce import orders_daily
from tests.oracle.event_types import events_daily
from tests.oracle.world import SCOPE_TYPES, Event, Order, Refund, Registration, World

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 2)
RUN = "20260303T000000-test"
KINDS = frozenset({"orders", "refunds", "users"})
_NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
WORLD = World(
    events=(
        Event("e1", "a", _NOON, scene="search"),
        Event("e2", "a", _NOON + timedelta(days=1), scene="search"),
        Event("e3", "b", _NOON + timedelta(days=1)),
        Event("e4", "b", _NOON + timedelta(days=1), is_exposure=True, scene="elsewhere"),
    ),
    declared={("scene", "search"): FIRST},
    zone="Asia/Shanghai", history_start=FIRST, last_arrival=LAST, closed_through=LAST, definition_hash="hash",
)  # fmt: skip
ORDERS = [Order("o1", "a", FIRST, Decimal("30.00")), Order("o2", "b", LAST, Decimal("12.50"))]
REFUNDS = [Refund("r1", LAST, Decimal("5.00"))]
USERS = [Registration("a", FIRST), Registration("b", LAST)]


class Silent:
    """Progress that nobody looks at."""

    def begin_stage(self, title: str) -> None:
        """A new stage begins."""

    def step(self, text: str) -> None:
        """Something inside the stage begins."""


def settings_of(root: Path) -> Settings:
    """The demo's settings without lateness, so that all arrived days are closed."""
    return _shipped().model_copy(update={"allowed_lateness_days": 0, "lake": str(root)})


@cache
def _shipped() -> Settings:
    return load(None, "lake")


def stage_shop(root: Path) -> Settings:
    """Stage the shop's reports and profiles in the lake at `root`, as the compute stage does."""
    settings, lake = settings_of(root), Lake(str(root))
    _ingested(lake, settings)
    horizon = processed_horizons(settings, lake)
    oracle = Oracle(WORLD)
    rows: dict[str, Iterable[Mapping[str, Any]]] = {
        "reports.activity_daily": oracle.activity_daily(FIRST, LAST),
        "reports.engagement": oracle.engagement(FIRST, LAST),
        "reports.overview": oracle.overview(FIRST, LAST),
        "reports.retention": oracle.retention(FIRST, LAST),
        "reports.events_daily": events_daily(oracle, FIRST, LAST),
        "reports.orders_daily": orders_daily(ORDERS, REFUNDS, USERS, FIRST, LAST, LAST, KINDS),
    }
    computed = computed_days(settings, lake, horizon, (FIRST, LAST))
    for name in computed.windows.keys() - rows.keys():
        rows[name] = _without_activity(REPORT_OF[name])
    frames: dict[str, Any] = {n: (to_arrow(TABLES[n], list(own)), (FIRST, LAST)) for n, own in rows.items()}
    frames["reports.dim_scope"] = (dim_scope(lake.read_rows(MEMBERS), FIRST), None)
    frames["reports.dim_date"] = (dim_date(FIRST, LAST, {}), None)
    lake.replace_rows(
        PROFILE, [row for name, own in _clean(oracle).items() for row in _profile(TABLES[name], own)], None
    )
    stage_frames(lake, frames, computed, RUN)
    return settings


def _without_activity(report: Report) -> list[dict[str, Any]]:
    """Rows of a report that the oracle does not know, as they are where nothing happened: every count is 0."""
    fixed = {("all", "all"), *((t, i) for t in SCOPE_TYPES for i in ("unknown", "unassigned"))}
    scopes = {
        "platform": {("all", "all")}, "scope": fixed | WORLD.declared.keys(),
        "scope_type": {("all", ""), *((t, "") for t in SCOPE_TYPES)},
    }[report.spine.per or "platform"]  # fmt: skip
    counts = {
        metric.name: 0 for metric in report.metrics if isinstance(metric, Metric) and metric.only is None
    }
    stamps = {
        "group_type": "all",
        "group_id": "all",
        "is_complete": True,
        "is_left_censored": True,
        "definition_hash": "h",
    }
    return [
        {c.name: None for c in report.columns} | counts | stamps
        | {report.spine.day: day, "scope_type": scope_type, "scope_id": scope_id}
        for day in (FIRST, LAST) for scope_type, scope_id in sorted(scopes)
    ]  # fmt: skip


def _ingested(lake: Lake, settings: Settings) -> None:
    """The ledger, the balance, and the clean tables that the gates themselves look at."""
    inputs = [f"{source}.{name}" for source, mapping in settings.sources.items() for name in mapping.inputs]
    files = [
        {"input": name, "file": f"{name}-{day}", "landing_date": day, "content_hash": "h", "bytes": 1, "lines_in": 1,
         "run_id": RUN}
        for name in inputs for day in (FIRST, LAST)
    ]  # fmt: skip
    feed = next(
        f"{s}.{n}" for s, m in settings.sources.items() for n, f in m.feeds.items() if f.kind == "activity"
    )
    balance = [
        {"source": feed, "file": str(day), "arrival_date": day, "outcome": "accepted", "reason": "", "records": records,
         "run_id": RUN}
        for day, records in ((FIRST, 1), (LAST, 3))
    ]  # fmt: skip
    members = [
        {"scope_type": "scene", "scope_id": "search", "name_en": "Search", "name_zh": "搜索", "class": "shopping",
         "owner": "team", "valid_from": FIRST, "is_declared": True}
    ]  # fmt: skip
    lake.replace_rows(INGESTED_FILE, files, None)
    lake.replace_rows(INGEST_BALANCE, balance, None)
    lake.replace_rows(MEMBERS, members, None)
    lake.replace_rows(EVENTS, [filled(EVENTS, row) for row in _events()], None)


def _events() -> list[dict[str, Any]]:
    return [
        {"event_id": e.event_id, "user_id": e.user_id, "event_date": WORLD.day_of(e)} for e in WORLD.events
    ]


def _clean(oracle: Oracle) -> dict[str, list[dict[str, Any]]]:
    """Rows of every clean and fact table, by the columns that matter."""
    nothing: list[dict[str, Any]] = []
    orders = [{"order_id": o.order_id, "order_date": o.paid, "amount": o.amount} for o in ORDERS]
    return {
        "clean.events": _events(),
        "clean.late_event": nothing,
        "clean.quarantine": nothing,
        "clean.orders": orders,
        "clean.order_states": [row | {"file": row["order_id"]} for row in orders],
        "clean.order_lines": [
            {"line_id": o.order_id, "order_date": o.paid, "amount": o.amount} for o in ORDERS
        ],
        "clean.refunds": [
            {"refund_id": r.refund_id, "refund_date": r.day, "amount": r.amount} for r in REFUNDS
        ],
        "clean.refund_lines": [
            {"line_id": r.refund_id, "refund_date": r.day, "amount": r.amount} for r in REFUNDS
        ],
        "clean.users": [{"user_id": user.user_id, "registered_date": user.day} for user in USERS],
        "clean.members": [{"scope_type": "scene", "scope_id": "search"}],
        "facts.user_scope_day": list(oracle.user_scope_day()),
        "facts.user_listed_day": [row for row in oracle.user_scope_day() if row["scope_id"] == "search"],
        "facts.scope_day": list(oracle.scope_day()),
    }


def filled(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row given by the columns that matter; the other NOT NULL columns are filled in."""
    plain: dict[str, Any] = {
        "string": "x", "int": 0, "bigint": 0, "date": FIRST, "boolean": False, "timestamp": _NOON,
    }  # fmt: skip
    others = {
        c.name: c.allowed[0] if c.allowed else plain.get(c.type, Decimal(0))
        for c in table.columns
        if not c.nullable
    }
    return others | dict(row)


def _profile(table: Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The profile of rows, counted in plain Python."""
    full = [filled(table, row) for row in rows]
    days = sorted({row[table.day] for row in full}) if table.day else []
    parts = [(None, full)] + [(day, [row for row in full if row[table.day] == day]) for day in days]
    return [_column(table, name, day, own) for day, own in parts for name in table.names]


def _column(table: Table, name: str, day: date | None, rows: list[dict[str, Any]]) -> dict[str, Any]:
    values = [row[name] for row in rows if row.get(name) is not None]
    numbers = [value for value in values if isinstance(value, Decimal)]
    return {
        "run_id": RUN, "table_name": table.name, "table_version": 1, "profile_date": day, "column_name": name,
        "row_count": len(rows), "key_duplicates": 0, "null_count": len(rows) - len(values), "outside_count": 0,
        "distinct_count": len(set(values)) if table.column(name).allowed else None,
        "sum_value": sum(numbers) if numbers else None,
    }  # fmt: skip
