"""What the hook is told of the end of a command, seen by a real command."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from conf.errors import ConfigError, GateFailed, Locked, SourceIncomplete
from conf.operation import IS_AWAITED, HookSettings
from conf.settings import load
from jobs.cli.main import app
from jobs.lake.format import stamp
from jobs.lake.tables import Lake
from jobs.notify.watch import watched
from jobs.pipeline.run import STAGES, run
from schemas.ops.tables import INGEST_BALANCE, QUALITY_RESULT, RUN
from tests.lakes import Silent


@pytest.fixture
def hook(tmp_path: Path) -> HookSettings:
    keep = f"import sys; open({str(tmp_path / 'told')!r}, 'a').write(sys.stdin.read())"
    return HookSettings(command=(sys.executable, "-c", keep))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(str(tmp_path / "lake"))
    instant = datetime(2026, 3, 1, tzinfo=UTC)
    check = {
        "run_id": "r1",
        "command": "check",
        "started_at": instant,
        "code_version": "1",
        "config_hash": "c",
    }
    lake.append_rows(RUN, [check])
    results = [("reports.overview", "critical"), ("reports.retention", "warning")]
    lake.append_rows(
        QUALITY_RESULT,
        [
            {"run_id": "r1", "table_name": table, "expectation": "e", "rule": "r", "severity": severity,
             "is_success": False}
            for table, severity in results
        ],
    )  # fmt: skip
    rows = [("app.web", "r1", "late", 2), ("app.web", "r1", "late", 3), ("app.web", "r1", "accepted", 7),
            ("app.web", "r0", "late", 9)]  # fmt: skip
    lake.append_rows(
        INGEST_BALANCE,
        [
            {"source": source, "file": f"f{n}", "arrival_date": date(2026, 3, 1), "outcome": outcome, "reason": "x",
             "records": records, "run_id": run_id}
            for n, (source, run_id, outcome, records) in enumerate(rows)
        ],
    )  # fmt: skip
    return lake


def told(folder: Path) -> list[dict[str, Any]]:
    path = folder / "told"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_a_failure_is_told_and_still_ends_the_command(hook: HookSettings, tmp_path: Path) -> None:
    with pytest.raises(SourceIncomplete), watched(hook, ("ingest",), print):
        raise SourceIncomplete("activity: no file of 2026-03-02")
    assert told(tmp_path) == [
        {"event": "failed", "run_id": None, "command": "ingest", "exit_code": 3, "about": [],
         "message": "activity: no file of 2026-03-02"}
    ]  # fmt: skip


def test_a_lake_that_another_run_holds_is_no_failure(hook: HookSettings, tmp_path: Path) -> None:
    with pytest.raises(Locked), watched(hook, STAGES, print):
        raise Locked("another run holds the lake")
    assert told(tmp_path) == []


def test_a_source_that_a_scheduler_waits_for_is_no_failure(
    hook: HookSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(IS_AWAITED, "1")
    with pytest.raises(SourceIncomplete), watched(hook, ("ingest",), print):
        raise SourceIncomplete("activity: no file of 2026-03-02")
    assert told(tmp_path) == []


def test_the_text_of_a_strange_error_is_not_passed_on(hook: HookSettings, tmp_path: Path) -> None:
    with pytest.raises(ValueError), watched(hook, STAGES, print):
        raise ValueError("user 4711")
    [event] = told(tmp_path)
    assert (event["exit_code"], event["message"]) == (1, "ValueError; the log holds the details")


def test_failed_gates_are_told_with_their_tables(hook: HookSettings, lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(GateFailed), watched(hook, ("check",), print) as watch:
        watch.lake, watch.run_id = lake, "r1"
        raise GateFailed("nothing was published")
    [event] = told(tmp_path)
    assert (event["event"], event["exit_code"], event["about"]) == ("gate_failed", 5, ["reports.overview"])


def test_a_run_that_ended_well_tells_warnings_and_late_records(
    hook: HookSettings, lake: Lake, tmp_path: Path
) -> None:
    with watched(hook, STAGES, print) as watch:
        watch.lake, watch.run_id = lake, "r1"
    assert [(event["event"], event["about"], event["message"]) for event in told(tmp_path)] == [
        ("gate_failed", ["reports.retention"], "warnings that did not stop the publication: reports.retention"),
        ("late_data", ["app.web"], "app.web: 5 records came too late"),
    ]  # fmt: skip


def test_a_hook_that_fails_is_said_and_changes_nothing(lake: Lake) -> None:
    said: list[str] = []
    with watched(HookSettings(command=("/no/such/program",)), ("ingest",), said.append) as watch:
        watch.lake, watch.run_id = lake, "r1"
    assert said == ["hook: /no/such/program: No such file or directory"]


def test_a_lake_that_cannot_be_read_for_the_hook_changes_nothing(hook: HookSettings, lake: Lake) -> None:
    said: list[str] = []
    log = Path(lake.path(INGEST_BALANCE)) / "_delta_log" / "00000000000000000001.json"
    log.write_text("no json")
    with watched(hook, ("ingest",), said.append) as watch:
        watch.lake, watch.run_id = lake, "r1"
    assert len(said) == 1 and said[0].startswith("hook: could not be told: ")


def test_a_run_without_its_landing_folder_calls_the_hook_of_its_settings(
    hook: HookSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIVELAKE_LANDING", str(tmp_path / "nowhere"))
    settings = load(lake=str(tmp_path / "lake")).model_copy(update={"hook": hook})
    with pytest.raises(Exception, match="no such folder"):
        run(settings, STAGES, None, None, Silent())
    assert [(event["event"], event["command"], event["exit_code"]) for event in told(tmp_path)] == [
        ("failed", "run", 2)
    ]


@pytest.mark.parametrize("command", [["page", "--out", "page"], ["migrate"]], ids=lambda command: command[0])
def test_a_page_and_a_migration_that_fail_are_told(
    command: list[str], hook: HookSettings, tmp_path: Path
) -> None:
    (tmp_path / "settings.yml").write_text(json.dumps({"hook": {"command": hook.command}}))
    stamp(Lake(str(tmp_path / "lake")), 99)
    with pytest.raises(ConfigError, match="the lake has format 99 of a newer program"):
        app(["--conf", str(tmp_path), "--lake", str(tmp_path / "lake"), *command], standalone_mode=False)
    assert [(event["event"], event["command"], event["exit_code"]) for event in told(tmp_path)] == [
        ("failed", command[0], 2)
    ]


def test_a_run_of_the_demo_shop_tells_its_late_records_by_source(demo_lake: Lake, demo_landing: Path) -> None:
    truth = json.loads((demo_landing / "truth.json").read_text())["feeds"]
    late = {
        feed: sum(records for outcome, records in counts.items() if outcome.startswith("late:"))
        for feed, counts in sorted(truth.items())
    }
    event = next(event for event in told(Path(demo_lake.root)) if event["event"] == "late_data")
    expected = [f"{feed}: {records} records came too late" for feed, records in late.items() if records]
    assert event["message"] == "; ".join(expected) and expected
    assert event["run_id"] in {row["run_id"] for row in demo_lake.read_rows(RUN).to_pylist()}
