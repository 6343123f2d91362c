"""A column that the mapping reads and a file does not have stops the run before anything is NULL."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conf.errors import ContractError
from conf.mapping import Feed
from conf.settings import Settings
from jobs.sources.files.columns import check_columns
from jobs.sources.files.landing import landed

from .conftest import Deploy

Land = Callable[[str, bytes], Path]
DAILY = {"calendar": "daily"}
FEED = {
    "kind": "activity", "input": "log", "key": {"expression": "concat('app-', at)"},
    "columns": {"user_id": "user", "event_at": "at", "event_type": {"expression": "lower(what)"}, "scene_id": "scene"},
    "filters": {"test": "is_test = 'yes'"},
}  # fmt: skip


def _reading(settings: Settings, may_lack: tuple[str, ...] = ()) -> Settings:
    """The deployment with a feed that reads user, at, what, scene and is_test."""
    mapping = settings.sources["shop"]
    declared = mapping.inputs["log"].model_copy(update={"may_lack": may_lack})
    own = mapping.model_copy(
        update={"feeds": {"log": Feed.model_validate(FEED)}, "inputs": {"log": declared}}
    )
    return settings.model_copy(update={"sources": {"shop": own}})


@pytest.mark.parametrize(
    ("header", "missing"),
    [
        ("user,at,what,scene,is_test,more", None),
        ("is_test,scene,what,at,user", None),
        ("user,at,what,scene", "no column 'is_test', which feeds.log.filters.test of "),
        ("user,at,event,scene,is_test", "no column 'what', which feeds.log.columns.event_type of "),
        ("user,what,scene,is_test", "no column 'at', which feeds.log.key of "),
        ("User,at,what,scene,is_test", "no column 'user', which feeds.log.columns.user_id of "),
    ],
)
def test_the_header_of_a_csv_file_must_name_what_the_mapping_reads(
    deploy: Deploy, land: Land, header: str, missing: str | None
) -> None:
    settings = _reading(deploy(log=("{date}.csv.gz", {"kind": "csv"}, DAILY, ())))
    land("2026-03-01.csv.gz", gzip.compress(f"{header}\n".encode() * 2))
    if missing is None:
        check_columns(settings, landed(settings))
        return
    with pytest.raises(ContractError) as error:
        check_columns(settings, landed(settings))
    assert "2026-03-01.csv.gz: " + missing in str(error.value)
    assert f"the columns are {', '.join(header.split(','))}" in str(error.value)


def test_the_footer_of_a_parquet_file_must_name_what_the_mapping_reads(
    deploy: Deploy, land: Land, tmp_path: Path
) -> None:
    settings = _reading(deploy(log=("{date}.parquet", {"kind": "parquet"}, DAILY, ())))
    land("2026-03-01.parquet", b"")
    columns = {name: ["x"] for name in ("user", "at", "what", "is_test")}
    pq.write_table(pa.table(columns), tmp_path / "landing" / "2026-03-02.parquet")
    with pytest.raises(ContractError, match="2026-03-02.parquet: no column 'scene'"):
        check_columns(settings, landed(settings))


def test_a_column_that_older_files_lack_is_declared(deploy: Deploy, land: Land) -> None:
    settings = deploy(log=("{date}.csv", {"kind": "csv", "encoding": "utf-16"}, DAILY, ()))
    land("2026-03-01.csv", "user,at,what,is_test\n".encode("utf-16"))
    with pytest.raises(ContractError, match="no column 'scene'"):
        check_columns(_reading(settings), landed(settings))
    check_columns(_reading(settings, may_lack=("scene",)), landed(settings))


def test_many_files_that_lack_a_column_are_one_line(deploy: Deploy, land: Land) -> None:
    settings = _reading(deploy(log=("{date}.csv", {"kind": "csv"}, DAILY, ())))
    for day in (1, 2, 3):
        land(f"2026-03-0{day}.csv", b"user,at,what,is_test\n")
    with pytest.raises(ContractError) as error:
        check_columns(settings, landed(settings))
    first, hint = str(error.value).splitlines()
    assert "2026-03-01.csv and 2 more files: no column 'scene', which feeds.log.columns.scene_id of " in first
    assert hint == "a column that only newer files have: name it in may_lack"


@pytest.mark.parametrize("data", [b"", b"\xff\n", b'"open\n', b"\n"])
def test_a_file_without_a_header_is_left_to_its_reader(deploy: Deploy, land: Land, data: bytes) -> None:
    settings = _reading(deploy(log=("{date}.csv", {"kind": "csv"}, DAILY, ())))
    land("2026-03-01.csv", data)
    check_columns(settings, landed(settings))
