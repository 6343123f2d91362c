"""Files that are not what they were when they were listed end the run, and the next one reads them as they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

import jobs.pipeline.ingest
from conf.settings import Settings
from jobs.cli.errors import explained
from jobs.cli.main import app
from jobs.lake.tables import Lake
from jobs.sources.files.raw import Ingested, ingest_raw
from schemas.clean.activity import EVENTS
from schemas.ops.tables import INGESTED_FILE, PUBLICATION
from tests.lakes import digests
from tests.small_shop import APP, EVENT, deploy

NO_SHOP = "{{title: Nothing, root: {root}, zone: UTC, inputs: {{}}, feeds: {{}}}}"
FIRST_LINE = "e1,u1,2026-03-01T08:00:00Z,view,home"


def _run(settings: Settings) -> int:
    arguments = ["--conf", str(settings.conf_dir), "--lake", settings.lake, "run"]
    return explained(lambda: app(arguments, standalone_mode=False), debug=False)


def _write_log(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join((EVENT, *lines, "")))


def test_a_file_that_is_replaced_between_hash_and_read_ends_the_run_and_the_next_one_reads_what_is_there(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "landing" / "app" / "2026-03-01.csv"
    _write_log(path, FIRST_LINE)
    settings = deploy(tmp_path, shop=NO_SHOP)
    lake = Lake(settings.lake)

    def replaced_and_read(*arguments: object) -> Ingested:
        _write_log(path, FIRST_LINE, "e2,u2,2026-03-01T09:00:00Z,view,home")
        return ingest_raw(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as uploading:
        uploading.setattr(jobs.pipeline.ingest, "ingest_raw", replaced_and_read)
        assert _run(settings) == 3
    assert f"error: {path}: changed while it was read: it had SHA-256" in capsys.readouterr().err
    assert [lake.count_rows(table) for table in (EVENTS, INGESTED_FILE, PUBLICATION)] == [0, 0, 0]
    assert _run(settings) == 0
    assert lake.read_rows(INGESTED_FILE).select(["bytes", "lines_in"]).to_pylist() == [
        {"bytes": path.stat().st_size, "lines_in": 2}
    ]
    afresh = deploy(tmp_path, "afresh", shop=NO_SHOP)
    assert _run(afresh) == 0
    assert digests(lake) == digests(Lake(afresh.lake))


def test_a_file_with_another_number_of_records_than_its_manifest_says_ends_the_run_with_code_4(
    spark: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "landing" / "app" / "2026-03-01" / "log.csv"
    _write_log(path, FIRST_LINE)
    settings = deploy(
        tmp_path,
        app=APP.replace("app/{{date}}*.csv", "app/{{date}}/*\n    manifest: files.json"),
        shop=NO_SHOP,
    )
    assert _run(settings) == 3
    (path.parent / "files.json").write_text(json.dumps({"files": [{"name": "log.csv", "records": 2}]}))
    assert _run(settings) == 4
    assert f"error: {path}: records 1, and {path.parent / 'files.json'} says 2" in capsys.readouterr().err
    assert Lake(settings.lake).count_rows(INGESTED_FILE) == 0
    (path.parent / "files.json").write_text(json.dumps({"files": [{"name": "log.csv", "records": 1}]}))
    assert _run(settings) == 0
