"""Publication: exactly the audited rows, one record per table, nothing new for the same day, readable by anyone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from deltalake import DeltaTable

from conf.errors import Conflict, ContractError
from jobs.lake.arrow import to_arrow
from jobs.lake.tables import Lake
from jobs.pipeline.run import run
from jobs.pipeline.stages import Outcome
from jobs.publish.digest import canonical_digest
from jobs.publish.stage import staged, staging_table
from schemas.catalog import REPORTS, TABLES
from schemas.contract import Table
from schemas.ops.tables import PROFILE, PUBLICATION
from schemas.reports.activity import ACTIVITY_DAILY
from tests.jobs.check.staged_shop import FIRST, LAST, RUN, Silent, settings_of, stage_shop


def _publish(root: Path) -> Outcome:
    return run(settings_of(root), ("check", "publish"), None, None, Silent())


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with the shop published once; read only."""
    root = tmp_path_factory.mktemp("published") / "lake"
    stage_shop(root)
    _publish(root)
    return root


def _by_deltalake(folder: str) -> pa.Table:
    return DeltaTable(folder).to_pyarrow_table()


def _by_polars(folder: str) -> pa.Table:
    return pl.read_delta(folder).to_arrow()


def _by_duckdb(folder: str) -> pa.Table:
    rows = DeltaTable(folder).to_pyarrow_dataset()
    return duckdb.connect().register("rows", rows).sql("select * from rows").to_arrow_table()


@pytest.mark.parametrize("read", [_by_deltalake, _by_polars, _by_duckdb])
@pytest.mark.parametrize("table", REPORTS, ids=lambda table: table.name)
def test_three_readers_that_are_not_spark_see_the_rows_that_were_audited(
    published: Path, table: Table, read: Callable[[str], pa.Table]
) -> None:
    digest = next(item.digest for item in staged(Lake(str(published))) if item.table.name == table.name)
    rows = to_arrow(table, read(str(published / table.folder)))
    assert rows.num_rows > 0
    assert canonical_digest(table, rows) == digest


@pytest.mark.parametrize("table", REPORTS, ids=lambda table: table.name)
def test_published_tables_carry_their_meanings_and_need_no_new_reader(published: Path, table: Table) -> None:
    opened = DeltaTable(str(published / table.folder))
    protocol = opened.protocol()
    assert protocol.min_reader_version == 1
    assert not protocol.reader_features
    assert opened.metadata().configuration["delta.enableDeletionVectors"] == "false"
    comments = {field.name: field.metadata.get("comment") for field in opened.schema().fields}
    assert comments == {column.name: column.meaning for column in table.columns}
    assert opened.metadata().description == table.grain


def test_one_row_per_table_says_what_went_out_and_from_what(published: Path) -> None:
    lake = Lake(str(published))
    rows = {row["table_name"]: row for row in lake.read_rows(PUBLICATION).to_pylist()}
    assert rows.keys() == {table.name for table in REPORTS}
    row = rows["reports.activity_daily"]
    assert (row["run_id"], row["date_from"], row["date_to"], row["row_count"]) == (RUN, FIRST, LAST, 16)
    assert (row["config_hash"], row["table_version"]) == (settings_of(published).hash, 1)
    assert row["digest"] == row["stage_digest"]
    profiled = set(lake.read_rows(PROFILE)["table_name"].to_pylist())
    assert json.loads(row["input_versions"]) == dict.fromkeys(sorted(profiled), 1)
    fresh = {row["table_name"]: row for row in lake.read_rows(TABLES["reports.freshness"]).to_pylist()}
    versions = {name: r["table_version"] for name, r in rows.items() if name != "reports.freshness"}
    assert {name: row["published_version"] for name, row in fresh.items()} == versions
    assert fresh["reports.activity_daily"]["closed_through"] == LAST


def test_the_same_days_again_give_the_same_digests_and_no_new_version(tmp_path: Path) -> None:
    stage_shop(tmp_path)
    first = _publish(tmp_path)
    stage_shop(tmp_path)
    again = _publish(tmp_path)
    assert sorted(again.published) == sorted(first.published)
    rows = Lake(str(tmp_path)).read_rows(PUBLICATION).to_pylist()
    digests = {name: {row["digest"] for row in rows if row["table_name"] == name} for name in TABLES}
    assert all(len(digests[table.name]) == 1 for table in REPORTS)
    assert len(rows) == 2 * len(REPORTS)


def test_a_table_that_another_writer_moved_since_it_was_staged_is_a_conflict(tmp_path: Path) -> None:
    stage_shop(tmp_path)
    run(settings_of(tmp_path), ("check",), None, None, Silent())
    lake, table = Lake(str(tmp_path)), TABLES["reports.activity_daily"]
    item = next(item for item in staged(lake) if item.table.name == table.name)
    lake.replace_rows(table, item.rows.slice(0, 1), None)
    with pytest.raises(
        Conflict, match="reports.activity_daily: is at version 2, and the audit was for version 1"
    ):
        run(settings_of(tmp_path), ("publish",), None, None, Silent())


def test_a_stage_without_what_was_computed_is_no_source_that_one_could_wait_for(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    with pytest.raises(ContractError, match="nothing is staged: run `activelake compute` first"):
        staged(lake)
    stage_shop(tmp_path)
    lake.replace_rows(staging_table(ACTIVITY_DAILY), [], None)
    with pytest.raises(ContractError, match="the staged rows are not those of run .*; compute again"):
        staged(lake)
