"""Files that are not whole yet: left for a later run, or noticed once they were read."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from conf.errors import ConfigError, SourceIncomplete
from conf.settings import Settings, load
from jobs.sources.files.landing import held_back, landed, pending, require_unchanged

from .conftest import Deploy
from .test_landing_and_arrival import DAILY, EMPTY

Land = Callable[[str, bytes], Path]


@pytest.mark.parametrize("end", [".part", ".filepart", ".crdownload", ".tmp", ".TMP", ".crc", "~"])
def test_an_unfinished_upload_is_no_data_even_where_the_path_would_match_it(
    deploy: Deploy, land: Land, end: str
) -> None:
    settings = deploy(log=("log/dt={date}/*", *DAILY[1:]))
    land(f"log/dt=2026-03-01/a.csv{end}", b"x\n1\n")
    land("log/dt=2026-03-01/b.csv", b"x\n1\n")
    assert [file.file for file in landed(settings)] == ["log/dt=2026-03-01/b.csv"]


def _with(settings: Settings, **keys: object) -> Settings:
    """The deployment with more keys on its input `log`."""
    path = settings.mapping_file("shop")
    mapping = yaml.safe_load(path.read_text())
    mapping["inputs"]["log"] |= keys
    path.write_text(yaml.safe_dump(mapping))
    return load(settings.conf_dir, settings.lake)


def test_a_file_that_changed_a_moment_ago_lands_in_a_later_run(deploy: Deploy, land: Land) -> None:
    settings = _with(deploy(log=DAILY), stable_seconds=60)
    file = land("log/dt=2026-03-01/a.csv", b"x\n1\n")
    assert landed(settings) == []
    assert [(held.file, reason) for held, reason in held_back(settings)] == [
        ("log/dt=2026-03-01/a.csv", "changed less than 60 seconds ago")
    ]
    os.utime(file, (time.time() - 61,) * 2)
    assert [one.file for one in landed(settings)] == ["log/dt=2026-03-01/a.csv"]
    assert held_back(settings) == []


@pytest.mark.parametrize("manifest", ["_SUCCESS", "manifest.json"])
def test_nothing_of_a_folder_has_landed_before_its_manifest(
    deploy: Deploy, land: Land, manifest: str
) -> None:
    settings = _with(deploy(log=("log/dt={date}/*", *DAILY[1:])), manifest=manifest)
    for day in (1, 2):
        land(f"log/dt=2026-03-0{day}/a.csv", b"x\n1\n")
    land(f"log/dt=2026-03-01/{manifest}", b"")
    assert [file.file for file in landed(settings)] == ["log/dt=2026-03-01/a.csv"]
    assert [(file.file, reason) for file, reason in held_back(settings)] == [
        ("log/dt=2026-03-02/a.csv", f"no {manifest} beside them")
    ]


@pytest.mark.parametrize(
    ("path", "manifest", "message"),
    [
        ("log/{date}.csv", "_SUCCESS", "needs a folder for each day"),
        ("log/{date:%Y/%m/%d}.csv", "_SUCCESS", "needs a folder for each day"),
        ("log/{date}/a.csv", "done/_SUCCESS", "without folder"),
        ("log/{date}/a.csv", "", "must be the name of a file"),
    ],
)
def test_a_manifest_is_a_file_in_a_folder_of_one_day(
    deploy: Deploy, path: str, manifest: str, message: str
) -> None:
    settings = deploy(log=(path, *DAILY[1:]))
    with pytest.raises(ConfigError, match=message):
        _with(settings, manifest=manifest)


def test_how_files_are_landed_changes_no_number_and_so_not_the_identity_of_the_configuration(
    deploy: Deploy,
) -> None:
    settings = deploy(log=DAILY)
    assert _with(settings, stable_seconds=60, manifest="_SUCCESS").hash == settings.hash
    assert _with(settings, may_lack=["x"]).hash != settings.hash


@pytest.mark.parametrize("change", ["grown", "replaced", "gone"])
def test_a_file_that_is_no_longer_what_was_hashed_is_refused_by_name(
    deploy: Deploy, land: Land, change: str
) -> None:
    settings = deploy(log=DAILY)
    path = land("log/dt=2026-03-01/a.csv", b"x\n1\n")
    files = pending(landed(settings), EMPTY, None, None)
    require_unchanged(files)
    before = path.stat()
    if change == "gone":
        path.unlink()
    else:
        path.write_bytes({"grown": b"x\n1\n2\n", "replaced": b"x\n2\n"}[change])
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # of the same age, as some copies are
    with pytest.raises(SourceIncomplete, match=r"a\.csv: changed while it was read"):
        require_unchanged(files)
