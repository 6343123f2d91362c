"""The pipeline's account of the demo shop is the truth that was kept while the shop was made."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pyarrow.compute as pc
import pytest
from deltalake import DeltaTable
from pyspark.sql import SparkSession

from conf.errors import ContractError, GateFailed
from conf.settings import Settings
from jobs.dev.demo.shop import START
from jobs.lake.select import query
from jobs.lake.tables import Lake
from jobs.pipeline.run import STAGES, run
from jobs.publish.digest import table_digest
from schemas.catalog import REPORTS, TABLES
from schemas.ops.tables import INGEST_BALANCE, PUBLICATION
from tests.lakes import DEMO_DAYS, Silent

DAYS = DEMO_DAYS
DIGESTED = [table for table in REPORTS if table.name != "reports.freshness"]


@pytest.fixture
def landing(demo_landing: Path) -> Path:
    return demo_landing


@pytest.fixture
def settings(demo_settings: Settings) -> Settings:
    return demo_settings


@pytest.fixture
def lake(demo_lake: Lake) -> Lake:
    return demo_lake


def _digests(lake: Lake) -> dict[str, str]:
    return {table.name: table_digest(lake, table) for table in DIGESTED}


def test_every_record_of_every_feed_and_day_has_the_outcome_that_was_planted(
    lake: Lake, landing: Path
) -> None:
    truth = json.loads((landing / "truth.json").read_text())
    found: dict[str, dict[str, Counter[str]]] = {}
    for row in lake.read_rows(INGEST_BALANCE).to_pylist():
        outcomes = found.setdefault(row["source"], {}).setdefault(row["arrival_date"].isoformat(), Counter())
        outcomes[f"{row['outcome']}:{row['reason']}".rstrip(":")] += row["records"]
    assert found == truth["days"]
    assert {feed: dict(sum(days.values(), Counter())) for feed, days in found.items()} == truth["feeds"]


def test_the_clean_tables_have_the_rows_of_the_truth_on_every_day(lake: Lake, landing: Path) -> None:
    truth = json.loads((landing / "truth.json").read_text())
    found = {}
    for name in truth["table_days"]:
        day = TABLES[name].day or "valid_from"
        days = DeltaTable(lake.path(TABLES[name])).to_pyarrow_table(columns=[day])[day].to_pylist()
        found[name] = Counter("" if day is None else day.isoformat() for day in days)
    assert found == truth["table_days"]
    assert {name: sum(days.values()) for name, days in found.items()} == truth["tables"]


def test_every_exposure_of_every_log_is_marked(lake: Lake, landing: Path) -> None:
    events = DeltaTable(lake.path(TABLES["clean.events"])).to_pyarrow_table(
        columns=["event_type", "is_exposure"]
    )
    is_shown = pc.equal(events["event_type"], "exposure")
    assert events["is_exposure"].equals(is_shown)
    assert pc.sum(is_shown).as_py() == json.loads((landing / "truth.json").read_text())["exposures"]


def test_published_tables_open_in_readers_that_are_not_spark(lake: Lake) -> None:
    import duckdb
    import polars

    for table in REPORTS:
        opened = DeltaTable(lake.path(table))
        assert opened.protocol().min_reader_version == 1
        comments = {field.name: field.metadata.get("comment") for field in opened.schema().fields}
        assert comments == {column.name: column.meaning for column in table.columns}
        rows = opened.to_pyarrow_table().num_rows
        assert polars.read_delta(lake.path(table)).height == rows > 0
        assert duckdb.read_parquet(opened.file_uris()).count("*").fetchall() == [(rows,)]


def test_the_same_files_again_change_nothing(lake: Lake, settings: Settings) -> None:
    versions = {table.name: lake.version(table) for table in REPORTS}
    outcome = run(settings, STAGES, None, None, Silent())
    assert outcome.published == []
    assert {table.name: lake.version(table) for table in REPORTS} == versions


def test_a_day_computed_again_has_the_same_digests_and_no_new_version(lake: Lake, settings: Settings) -> None:
    before, day = _digests(lake), START + timedelta(days=DAYS - 1)
    version = lake.version(TABLES["reports.activity_daily"])
    run(settings, STAGES, day, day, Silent())
    assert _digests(lake) == before
    assert lake.version(TABLES["reports.activity_daily"]) == version


def test_a_range_and_the_day_after_it_give_what_the_whole_range_gives(
    spark: SparkSession, lake: Lake, settings: Settings, tmp_path: Path
) -> None:
    stepwise = settings.model_copy(update={"lake": str(tmp_path)})
    last = START + timedelta(days=DAYS - 1)
    run(stepwise, STAGES, None, last - timedelta(days=1), Silent())
    run(stepwise, STAGES, last, last, Silent())
    assert _digests(Lake(str(tmp_path))) == _digests(lake)


def test_closed_rows_are_complete_and_open_ones_say_that_they_are_not(lake: Lake) -> None:
    closed = START + timedelta(days=DAYS - 1 - 3)
    rows = query(lake, "select max(activity_date) d from activity_daily where is_complete").to_pylist()
    assert rows == [{"d": closed}]
    unknown = query(
        lake,
        "select count(*)::int n from retention where not is_complete and (retained is not null or rate is not null)",
    )
    assert unknown.to_pylist() == [{"n": 0}]


def test_a_file_that_changed_under_its_name_is_refused(lake: Lake, settings: Settings, landing: Path) -> None:
    path = landing / "orders" / f"dt={START}" / "orders.jsonl"
    before = path.read_bytes()
    try:
        path.write_bytes(before + b"{}\n")
        with pytest.raises(ContractError, match="orders.jsonl: was ingested with SHA-256"):
            run(settings, STAGES, None, None, Silent())
    finally:
        path.write_bytes(before)


def test_what_was_not_audited_is_not_published(lake: Lake, settings: Settings) -> None:
    from jobs.publish.digest import canonical_digest
    from jobs.publish.publish import require_passed_audit
    from jobs.publish.stage import Staged, put, staged

    published = lake.read_rows(PUBLICATION).num_rows
    rows = lake.read_rows(TABLES["reports.activity_daily"])
    changed = rows.set_column(
        rows.column_names.index("dau"), rows.schema.field("dau"), pc.add(rows["dau"], 1)
    )
    day = (date(2026, 3, 1), date(2026, 3, 12))
    table = TABLES["reports.activity_daily"]
    put(lake, [Staged(table, changed, day, canonical_digest(table, changed), "another-run")])
    with pytest.raises(GateFailed, match="not audited"):
        require_passed_audit(lake, staged(lake))
    assert lake.read_rows(PUBLICATION).num_rows == published
