"""A world as the frames that the jobs read, and the comparison of every cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from conf.members import Members
from jobs.arrival.report_window import ReportWindow
from jobs.clean.members import members
from jobs.facts.scope_counts import ListValidity, counted_by_type
from jobs.facts.scope_day import scope_days
from jobs.facts.user_listed_day import ANY_LISTED, split_tables
from jobs.facts.user_scope_day import user_days
from jobs.reports.inputs import Deployment, SharedInputs
from jobs.reports.registry import built_reports
from jobs.spark.local_relation import frame_of
from schemas.catalog import REPORTS, TABLES
from schemas.clean.activity import EVENTS
from schemas.clean.members import MEMBERS
from schemas.clean.users import USERS
from schemas.contract import Table
from schemas.facts.scope_day import SCOPE_DAY
from schemas.facts.user_listed_day import USER_LISTED_DAY
from schemas.facts.user_scope_day import COUNTED_BY_TYPE, USER_SCOPE_DAY
from tests.oracle.activity import Row
from tests.oracle.world import World


def frame(spark: SparkSession, table: Table, rows: Iterable[Mapping[str, Any]]) -> DataFrame:
    """Rows given by their interesting columns; the other NOT NULL columns are filled in."""
    instant = datetime(2025, 1, 1, tzinfo=UTC)
    filler = {
        "string": "x",
        "int": 1,
        "bigint": 1,
        "date": date(2025, 1, 1),
        "boolean": False,
        "timestamp": instant,
    }
    full = [
        tuple(row.get(c.name, None if c.nullable else filler.get(c.type, row.get("event_at"))) for c in table.columns)
        for row in rows
    ]  # fmt: skip
    return frame_of(spark, full, table.ddl)


@dataclass(frozen=True)
class Clean:
    """The clean tables of a world."""

    events: DataFrame
    users: DataFrame
    members: DataFrame


@dataclass(frozen=True)
class Frames:
    """Tables that lie in memory."""

    of: Mapping[Table, DataFrame]

    def read(self, table: Table) -> DataFrame:
        """A table."""
        return self.of[table]

    def read_rows(self, table: Table) -> pa.Table:
        """The rows of a small table."""
        return self.of[table].toArrow()


def clean(spark: SparkSession, world: World, users: Iterable[Mapping[str, Any]] = ()) -> Clean:
    """clean.events, clean.users and clean.members, the members made by the job."""
    events = frame(
        spark,
        EVENTS,
        [
            {"event_id": e.event_id, "user_id": e.user_id, "event_at": e.event_at, "event_date": world.day_of(e),
             "is_exposure": e.is_exposure, "scene_id": e.scene, "tool_id": e.tool, "service_id": e.service,
             "event_type": e.event_type}
            for e in world.events
        ],
    ).persist()  # fmt: skip
    files = {t: _members_file(world, t) for t in ("scene", "tool", "service")}
    listed = members(files, events, frame(spark, MEMBERS, [])).collect()
    return Clean(events, frame(spark, USERS, users), frame_of(spark, listed, MEMBERS.ddl).persist())


def _members_file(world: World, scope_type: str) -> Members:
    rows = [
        {"code": code, "name_en": code, "name_zh": code, "class": "shopping", "owner": "team", "since": since}
        for (t, code), since in world.declared.items()
        if t == scope_type
    ]
    return Members.model_validate({"discover": scope_type in world.discovered, "members": rows})


def counted(data: Clean, first: date, last: date) -> DataFrame:
    """The counts by event type of the days."""
    return counted_by_type(data.events, data.users, data.members, ListValidity(0), first, last)


def build_facts(data: Clean, prior: DataFrame | None, first: date, last: date) -> tuple[DataFrame, DataFrame]:
    """Both fact frames of the days, computed once."""
    counts = counted(data, first, last)
    return user_days(counts, prior).persist(), scope_days(counts).persist()


def build_reports(
    user_days: DataFrame, scope_days: DataFrame, data: Clean, world: World, first: date, last: date
) -> dict[str, list[Row]]:
    """Rows of every report of a deployment that maps activity alone, for the days; of retention for their cohorts."""
    window = ReportWindow(
        first,
        last,
        world.history_start,
        world.last_arrival,
        world.last_arrival,
        world.closed_through,
        world.definition_hash,
    )
    kinds = frozenset({"activity"})
    closing = {r: r.family.completeness.closing_kinds(kinds) for r in REPORTS if r.family.completeness}
    per_scope, any_listed = split_tables(user_days)
    facts = {USER_SCOPE_DAY: per_scope, USER_LISTED_DAY: any_listed, SCOPE_DAY: scope_days}
    inputs = SharedInputs(
        Frames({**facts, MEMBERS: data.members}),
        Deployment(kinds, {}, world.history_start, world.last_arrival),
        {report.name: window for report, closing_kinds in closing.items() if closing_kinds},
        {COUNTED_BY_TYPE: counted(data, first, last)},
    )
    return {report.name: rows(built) for report, built in built_reports(inputs).items()}


def rows(built: DataFrame | pa.Table) -> list[Row]:
    """Collected rows without the pseudo scope that feeds the overview."""
    table = built if isinstance(built, pa.Table) else built.toArrow()
    return [row for row in table.to_pylist() if row.get("scope_id") != ANY_LISTED]


def assert_same(table: str, built: list[Row], expected: list[Row]) -> None:
    """Every cell is equal; says the first differing cells."""
    keys = TABLES[table].key
    found, wanted = _by_key(built, keys), _by_key(expected, keys)
    assert len(found) == len(built), f"{table}: a key is built twice"
    assert found.keys() == wanted.keys(), (
        f"{table}: only built {sorted(found.keys() - wanted.keys(), key=str)[:5]}, "
        f"only expected {sorted(wanted.keys() - found.keys(), key=str)[:5]}"
    )
    names = set(TABLES[table].names)
    assert all(row.keys() == names for row in (*built[:1], *expected[:1])), f"{table}: other columns"
    differing = [
        (place, name, found[place][name], wanted[place][name])
        for place in wanted for name in names if found[place][name] != wanted[place][name]
    ]  # fmt: skip
    assert not differing, (
        f"{table}: {len(differing)} cells differ (key, column, built, expected): {differing[:5]}"
    )


def _by_key(given: list[Row], keys: tuple[str, ...]) -> dict[tuple[Any, ...], Row]:
    return {tuple(row[name] for name in keys): row for row in given}


def in_days(given: list[Row], day: str, first: date, last: date) -> list[Row]:
    """Rows of the days."""
    return [row for row in given if first <= row[day] <= last]


def after(day: date, days: int) -> date:
    """The day that many days later."""
    return day + timedelta(days=days)
