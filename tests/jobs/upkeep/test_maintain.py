"""Upkeep of a real lake: smaller, and every number as it was."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.compute as pc
import pytest
from deltalake import DeltaTable

from conf.errors import Locked
from conf.operation import RetentionSettings
from conf.settings import Settings, load
from jobs.cli.main import app
from jobs.lake.lock import hold
from jobs.lake.tables import Lake
from jobs.upkeep.maintain import MaintainedTable, maintain
from jobs.upkeep.migrations import migrate, stored_tables
from schemas.catalog import REPORTS, TABLES
from schemas.clean.activity import EVENTS
from schemas.ops.tables import RUN
from tests.lakes import digests, unpack_old_lake

SETTINGS = load()
NOW = datetime(2027, 1, 1, tzinfo=UTC)
KEPT = (*REPORTS, EVENTS)
"""Tables whose rows upkeep leaves as they are."""


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    old = Lake(unpack_old_lake(tmp_path), any_format=True)
    list(migrate(old, SETTINGS))
    return Lake(old.root)


def files(lake: Lake) -> int:
    return len(DeltaTable(lake.path(EVENTS)).file_uris())


def upkeep(lake: Lake, settings: Settings = SETTINGS) -> dict[str, MaintainedTable]:
    return {done.table_name: done for done in maintain(lake, settings, NOW, lambda text: None)}


def test_small_files_are_merged_and_no_digest_changes(lake: Lake) -> None:
    before, many = digests(lake, KEPT), files(lake)
    assert len(before) >= 9
    merged = upkeep(lake)["clean.events"].merged
    assert merged > 0 and files(lake) < many
    assert digests(lake, KEPT) == before


def test_a_second_time_there_is_nothing_to_do(lake: Lake) -> None:
    upkeep(lake)
    assert [done for done in upkeep(lake).values() if done.deleted or done.merged or done.removed] == []


def test_tables_stay_readable_by_every_reader_and_keep_personal_values_out_of_the_log(lake: Lake) -> None:
    upkeep(lake)
    for table in stored_tables(lake, SETTINGS):
        opened = DeltaTable(lake.path(table))
        assert (opened.protocol().min_reader_version, opened.protocol().reader_features) == (1, None)
        known = opened.get_add_actions(flatten=True).schema.names
        personal = [f"min.{column.name}" for column in table.columns if column.personal]
        assert set(known) & set(personal) == set()
        assert (Path(lake.path(table)) / "_delta_log" / "_last_checkpoint").exists()


def backdate(lake: Lake, days: int) -> None:
    """Let every removal in the log of clean.events have happened days ago."""
    past = int((datetime.now(UTC) - timedelta(days=days)).timestamp() * 1000)
    for path in (Path(lake.path(EVENTS)) / "_delta_log").glob("*.json"):
        actions = [json.loads(line) for line in path.read_text().splitlines()]
        for action in actions:
            if "remove" in action:
                action["remove"]["deletionTimestamp"] = past
        path.write_text("".join(json.dumps(action) + "\n" for action in actions))


@pytest.mark.parametrize(("days", "is_removed"), [(6, False), (8, True)])
def test_replaced_files_are_removed_when_no_reader_can_still_need_them(
    lake: Lake, days: int, is_removed: bool
) -> None:
    replaced = set(DeltaTable(lake.path(EVENTS)).file_uris())
    DeltaTable(lake.path(EVENTS)).optimize.compact()
    replaced -= set(DeltaTable(lake.path(EVENTS)).file_uris())
    backdate(lake, days)
    before = digests(lake, KEPT)
    removed = upkeep(lake)["clean.events"].removed
    assert removed == (len(replaced) if is_removed else 0)
    assert {Path(name.removeprefix("file://")).exists() for name in replaced} == {not is_removed}
    assert digests(lake, KEPT) == before


def versions(lake: Lake) -> dict[str, int | None]:
    return {table.name: lake.version(table) for table in REPORTS}


def test_a_published_stage_is_emptied_and_one_that_waits_is_kept_with_the_versions_it_was_computed_for(
    lake: Lake,
) -> None:
    stage, report = TABLES["ops.stage"], TABLES["reports.activity_daily"]
    rows = lake.read_rows(report)
    lake.replace_rows(report, rows.slice(1), None)
    lake.append_rows(report, rows.slice(0, 1))  # a second file, which could be merged
    published, before = lake.read_rows(stage), versions(lake)
    renamed = published.set_column(
        published.column_names.index("run_id"), published.schema.field("run_id"),
        pc.binary_join_element_wise(published["run_id"], "x", "-"),
    )  # fmt: skip
    lake.replace_rows(stage, renamed, None)
    assert upkeep(lake)["ops.stage_activity_daily"].deleted == 0
    assert versions(lake) == before
    lake.replace_rows(stage, published, None)
    assert upkeep(lake)["ops.stage_activity_daily"].deleted == 140
    assert lake.read_rows(stage).num_rows == 0
    assert versions(lake) != before


def test_nothing_that_is_published_depends_on_what_retention_deletes(lake: Lake) -> None:
    before = digests(lake, KEPT)
    shortest = RetentionSettings(raw_days=1, quarantine_days=1, ops_days=1, data_docs_days=1)
    done = upkeep(lake, SETTINGS.model_copy(update={"retention": shortest}))
    assert done["clean.quarantine"].deleted > 0
    assert digests(lake, KEPT) == before


def test_the_command_is_recorded_and_does_not_run_beside_another(
    lake: Lake, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app(["--lake", lake.root, "maintain"], standalone_mode=False)
    assert "clean.events" in capsys.readouterr().out
    newest = max(lake.read_rows(RUN).to_pylist(), key=lambda row: row["started_at"])
    assert (newest["command"], newest["exit_code"]) == ("maintain", 0)
    with hold(lake), pytest.raises(Locked):
        app(["--lake", lake.root, "maintain"], standalone_mode=False)
