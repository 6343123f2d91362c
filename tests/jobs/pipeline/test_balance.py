"""A record that is not accounted for stops the run before anything is published."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

import jobs.pipeline.ingest
from jobs.cli.errors import explained
from jobs.cli.main import app
from jobs.lake.tables import Lake
from jobs.sources.files.raw import Ingested, ingest_raw
from schemas.catalog import REPORTS
from schemas.clean.activity import EVENTS
from schemas.ops.tables import INGEST_BALANCE, INGESTED_FILE, PUBLICATION, RUN
from tests.small_shop import deploy

FILE = ("app.log", "app/2026-03-02.csv")


def test_a_file_of_which_a_record_is_missing_ends_the_run_with_code_4_and_publishes_nothing(
    spark: SparkSession,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def with_one_more(*given: object) -> Ingested:
        ingested = ingest_raw(*given)  # type: ignore[arg-type]
        return replace(
            ingested, lines_in={key: n + 1 if key == FILE else n for key, n in ingested.lines_in.items()}
        )

    monkeypatch.setattr(jobs.pipeline.ingest, "ingest_raw", with_one_more)
    lake = Lake(deploy(folder).lake)
    given = ["--conf", str(folder / "conf"), "--lake", lake.root, "run"]
    assert explained(lambda: app(given, standalone_mode=False), debug=False) == 4
    said = "error: app.activity: app/2026-03-02.csv: 3 records in, 2 accounted for; nothing goes on\n"
    assert said in capsys.readouterr().err
    assert lake.count_rows(EVENTS) == lake.count_rows(INGESTED_FILE) == lake.count_rows(INGEST_BALANCE) == 0
    assert [table.name for table in (*REPORTS, PUBLICATION) if lake.exists(table)] == []
    assert [(row["command"], row["exit_code"]) for row in lake.read_rows(RUN).to_pylist()] == [("ingest", 4)]
