"""The state of a lake is what its tables say."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from conf.settings import load
from jobs.check.results import Gates
from jobs.cli.main import app
from jobs.lake.tables import Lake
from jobs.pipeline.status import NotMapped, PublishedTable, not_mapped, status
from schemas.ops.tables import PUBLICATION, QUALITY_RESULT, RUN
from schemas.reports.dimensions import DIM_DATE
from schemas.reports.freshness import FRESHNESS

DAY = date(2026, 3, 1)


def at(hour: int) -> datetime:
    return datetime(2026, 3, 5, hour, tzinfo=UTC)


def a_run(run_id: str, command: str, hour: int, exit_code: int) -> dict[str, object]:
    return {"run_id": run_id, "command": command, "started_at": at(hour), "finished_at": at(hour), "exit_code": exit_code,
            "code_version": "1", "config_hash": "c"}  # fmt: skip


def a_result(run_id: str, rule: str, is_success: bool) -> dict[str, object]:
    return {"run_id": run_id, "table_name": "reports.dim_date", "expectation": "e", "rule": rule,
            "severity": "critical", "is_success": is_success}  # fmt: skip


def a_publication(run_id: str, hour: int, digest: str) -> dict[str, object]:
    return {"run_id": run_id, "table_name": "reports.dim_date", "row_count": 1, "stage_digest": digest, "digest": digest,
            "table_version": 1, "input_versions": "{}", "code_version": "1", "config_hash": "c",
            "published_at": at(hour)}  # fmt: skip


@pytest.fixture
def written(tmp_path: Path) -> Lake:
    lake = Lake(str(tmp_path / "lake"))
    day = {"calendar_date": DAY, "iso_year": 2026, "iso_week": 9, "week_start_date": DAY, "month": "2026-03",
           "weekday": 7, "is_weekend": True}  # fmt: skip
    lake.replace_rows(DIM_DATE, [day, day | {"calendar_date": date(2026, 3, 2)}], None)
    lake.replace_rows(
        FRESHNESS, [{"table_name": "reports.dim_date", "last_arrival_date": DAY, "closed_through": DAY}], None
    )
    runs = [
        a_run("old", "check", 1, 0),
        a_run("new", "check", 2, 5),
        a_run("new", "publish", 3, 0),
        a_run("without results", "check", 4, 1),
    ]
    lake.append_rows(RUN, runs)
    results = [
        a_result("old", "a", False),
        a_result("new", "a", True),
        a_result("new", "b", False),
    ]
    lake.append_rows(QUALITY_RESULT, results)
    lake.append_rows(PUBLICATION, [a_publication("new", 3, "second"), a_publication("old", 1, "first")])
    return lake


def test_a_published_table_has_its_rows_now_and_the_digest_of_its_newest_publication(written: Lake) -> None:
    expected = PublishedTable(
        "reports.dim_date", 2, 1, "second", "new", at(3), None, None, last_arrival_date=DAY, closed_through=DAY
    )  # fmt: skip
    assert status(load(), written).tables == [expected]


def test_gates_are_those_of_the_newest_check_that_judged_something(written: Lake) -> None:
    failed = {"table_name": "reports.dim_date", "rule": "b", "severity": "critical", "observed": None}
    assert status(load(), written).gates == Gates("new", 2, [failed])


def test_runs_are_listed_newest_first(written: Lake) -> None:
    found = [(row["run_id"], row["exit_code"]) for row in status(load(), written).runs]
    assert found == [("without results", 1), ("new", 0), ("new", 5), ("old", 0)]


def test_an_empty_lake_has_no_tables_runs_and_gates(tmp_path: Path) -> None:
    found = status(load(), Lake(str(tmp_path)))
    assert (found.closed_through, found.tables, found.runs, found.gates) == (None, [], [], None)


def test_a_deployment_without_orders_is_told_which_report_has_nothing_from_them(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    found = {missing.kind: missing for missing in not_mapped(load(tmp_path))}
    assert set(found) == {"activity", "orders", "refunds", "users"}
    assert found["orders"] == NotMapped("orders", ["reports.orders_daily"])


def test_the_json_form_holds_iso_dates_and_null(written: Lake) -> None:
    outcome = CliRunner().invoke(app, ["--lake", written.root, "status", "--json"])
    found = json.loads(outcome.stdout)
    assert found["tables"][0] == {
        "table_name": "reports.dim_date", "row_count": 2, "table_version": 1, "digest": "second", "run_id": "new",
        "published_at": "2026-03-05T03:00:00+00:00", "date_from": None, "date_to": None,
        "last_arrival_date": "2026-03-01", "closed_through": "2026-03-01",
    }  # fmt: skip


def test_a_person_sees_tables_runs_and_the_gate_that_failed(written: Lake) -> None:
    text = CliRunner().invoke(app, ["--lake", written.root, "status"]).stdout
    assert "dim_date" in text and "gates of run new: 1 of 2 hold" in text
    assert "critical: reports.dim_date: b" in text
