"""What is too old goes; what a run may read again, and what the state of the lake depends on, stays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from conf.operation import RetentionSettings
from conf.settings import Settings, load
from jobs.lake.tables import Lake
from jobs.upkeep.retention import (
    BY_RUN,
    expire_alerts,
    expire_pages,
    expire_raw,
    expire_refused,
    expire_runs,
    last_arrival,
    look_back_days,
)
from schemas.catalog import OPS
from schemas.clean.refused import LATE_EVENT, QUARANTINE
from schemas.ops.tables import ALERT, LATE_ENTRY, PUBLICATION, QUALITY_RESULT, RUN
from schemas.raw.records import raw_table

ARRIVED = date(2026, 6, 30)
NOW = datetime(2026, 7, 1, tzinfo=UTC)
RAW = raw_table("app.web")


def kept(**days: int) -> Settings:
    return load().model_copy(update={"retention": RetentionSettings(**days)})


def day_before(days: int) -> date:
    return ARRIVED - timedelta(days=days)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "lake"))


def raw_records(lake: Lake, *days: date) -> None:
    rows = [
        {"input": "app.web", "file": f"{day}.csv", "position": n, "landing_date": day, "content_hash": "h"}
        for day in days for n in (1, 2)
    ]  # fmt: skip
    lake.append_rows(RAW, rows)


def days_of(lake: Lake) -> list[date]:
    return sorted(set(lake.read_rows(RAW)["landing_date"].to_pylist()))


def test_the_look_back_is_the_lateness_and_two_horizons_of_cohorts() -> None:
    assert look_back_days(load()) == 3 + 2 * 60 + 2


def test_raw_records_past_the_period_are_deleted_by_whole_days(lake: Lake) -> None:
    raw_records(lake, day_before(201), day_before(200), ARRIVED)
    assert expire_raw(lake, kept(raw_days=200), [RAW], ARRIVED) == {"raw.app_web": 2}
    assert days_of(lake) == [day_before(200), ARRIVED]


def test_raw_records_that_the_look_back_needs_are_never_deleted(lake: Lake) -> None:
    raw_records(lake, day_before(126), day_before(125), ARRIVED)
    assert expire_raw(lake, kept(raw_days=1), [RAW], ARRIVED) == {"raw.app_web": 2}
    assert days_of(lake) == [day_before(125), ARRIVED]


def test_without_a_period_everything_is_kept(lake: Lake, tmp_path: Path) -> None:
    raw_records(lake, date(2020, 1, 1))
    (tmp_path / "20200101T000000-aa").mkdir()
    assert expire_raw(lake, kept(), [RAW], ARRIVED) == {}
    assert expire_refused(lake, kept(), ARRIVED) == {}
    assert expire_runs(lake, kept(), NOW) == {}
    assert expire_alerts(lake, kept(), NOW) == {}
    assert expire_pages(tmp_path, kept(), NOW) == 0
    assert days_of(lake) == [date(2020, 1, 1)]


def test_refused_and_late_records_past_the_period_are_deleted(lake: Lake) -> None:
    row = {"source": "app.web", "file": "f", "reason": "x", "content_hash": "h", "contract_version": "v", "record_key": "k",
           "mapping_hash": "m", "arrival_date": ARRIVED, "event_date": ARRIVED, "days_late": 4}  # fmt: skip
    rows = [row | {"position": n, "landing_date": day_before(n)} for n in (39, 40, 41)]
    lake.append_rows(QUARANTINE, rows)
    lake.append_rows(LATE_EVENT, rows)
    assert expire_refused(lake, kept(quarantine_days=40), ARRIVED) == {
        "clean.quarantine": 1, "clean.late_event": 1,
    }  # fmt: skip
    assert sorted(lake.read_rows(QUARANTINE)["position"].to_pylist()) == [39, 40]


def test_late_records_of_a_day_from_which_events_have_entered_stay(lake: Lake) -> None:
    row = {"source": "app.web", "file": "f", "reason": "too_late", "content_hash": "h", "record_key": "k",
           "arrival_date": ARRIVED, "event_date": ARRIVED, "days_late": 4, "run_id": "backfill"}  # fmt: skip
    rows = [row | {"position": n, "landing_date": day_before(n)} for n in (39, 41, 42)]
    lake.append_rows(LATE_EVENT, rows)
    lake.append_rows(LATE_ENTRY, rows[1:2])
    assert expire_refused(lake, kept(quarantine_days=40), ARRIVED) == {"clean.late_event": 1}
    assert sorted(lake.read_rows(LATE_EVENT)["position"].to_pylist()) == [39, 41]


def test_late_records_stay_while_one_that_comes_again_is_a_duplicate_of_them(lake: Lake) -> None:
    row = {"source": "app.web", "file": "f", "reason": "too_late", "content_hash": "h", "record_key": "k",
           "arrival_date": ARRIVED, "event_date": ARRIVED, "days_late": 4}  # fmt: skip
    lake.append_rows(LATE_EVENT, [row | {"position": n, "landing_date": day_before(n)} for n in (35, 36)])
    assert expire_refused(lake, kept(quarantine_days=1), ARRIVED) == {"clean.late_event": 1}
    assert lake.read_rows(LATE_EVENT)["position"].to_pylist() == [35]


def a_run(lake: Lake, run_id: str, days_ago: int, *published: str) -> None:
    at = NOW - timedelta(days=days_ago)
    same = {"run_id": run_id, "code_version": "1", "config_hash": "c"}
    lake.append_rows(
        RUN, [same | {"command": command, "started_at": at} for command in ("ingest", "publish")]
    )
    result = {"table_name": "reports.dim_date", "expectation": "e", "rule": "r", "severity": "critical",
              "is_success": True}  # fmt: skip
    lake.append_rows(QUALITY_RESULT, [same | result])
    row = {"row_count": 1, "stage_digest": "d", "digest": "d", "table_version": 1, "input_versions": "{}",
           "published_at": at}  # fmt: skip
    for table in published:
        lake.append_rows(PUBLICATION, [same | row | {"table_name": table}])


def runs(lake: Lake) -> list[set[str]]:
    return [set(lake.read_rows(table)["run_id"].to_pylist()) for table in (RUN, QUALITY_RESULT, PUBLICATION)]


def test_old_runs_go_with_their_results_and_publications(lake: Lake) -> None:
    a_run(lake, "old", 40, "reports.dim_date")
    a_run(lake, "new", 2, "reports.dim_date")
    deleted = expire_runs(lake, kept(ops_days=30), NOW)
    assert deleted == {"ops.run": 2, "ops.quality_result": 1, "ops.publication": 1}
    assert runs(lake) == [{"new"}, {"new"}, {"new"}]


def test_the_newest_publication_of_every_table_and_all_runs_since_the_newest_one_stay(lake: Lake) -> None:
    a_run(lake, "first", 90, "reports.dim_date", "reports.orders_daily")
    a_run(lake, "second", 80, "reports.dim_date")
    a_run(lake, "newest", 70, "reports.dim_date")
    a_run(lake, "ingested since", 60)
    expire_runs(lake, kept(ops_days=30), NOW)
    assert runs(lake)[0] == {"first", "newest", "ingested since"}
    assert runs(lake)[2] == {"first", "newest"}


def test_old_alerts_go_and_newer_ones_stay(lake: Lake) -> None:
    row = {"alert": "deadline_missed", "scheduled_run": "daily", "alert_text": "x"}
    lake.append_rows(ALERT, [row | {"raised_at": NOW - timedelta(days=n)} for n in (29, 30, 31)])
    assert expire_alerts(lake, kept(ops_days=30), NOW) == {"ops.alert": 1}
    assert sorted(NOW - at for at in lake.read_rows(ALERT)["raised_at"].to_pylist()) == [
        timedelta(days=29), timedelta(days=30),
    ]  # fmt: skip


def test_every_ops_table_is_state_or_is_expired() -> None:
    state = {
        "ops.ingested_file",
        "ops.ingest_balance",
        "ops.late_entry",
        "ops.metric_definition",
        "ops.lake_format",
        "ops.reingest",
    }
    replaced_by_the_next_run = {"ops.stage", "ops.profile", "ops.lateness"}
    expired = {table.name for table in (*BY_RUN, ALERT)}
    assert {table.name for table in OPS} == state | replaced_by_the_next_run | expired


def test_pages_of_old_runs_go_and_other_folders_stay(tmp_path: Path) -> None:
    for name in ("20260501T120000-aa", "20260630T120000-bb", "index"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text("x")
    assert expire_pages(tmp_path, kept(data_docs_days=30), NOW) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["20260630T120000-bb", "index"]


def test_a_lake_without_activity_has_no_last_arrival(lake: Lake) -> None:
    assert last_arrival(load(), lake) is None
