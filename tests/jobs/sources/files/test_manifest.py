"""What a JSON manifest says of the files of its folder is held against them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from conf.errors import ContractError
from jobs.sources.files.landing import LandedFile, landed, pending
from jobs.sources.files.manifest import check_manifests, check_record_counts

from .conftest import Deploy
from .test_landing_and_arrival import DAILY, EMPTY

Land = Callable[[str, bytes], Path]
CONTENT = b"x\n1\n2\n"
WHOLE = {"name": "a.csv", "bytes": 6, "sha256": sha256(CONTENT).hexdigest(), "records": 2}


def _landed(deploy: Deploy, land: Land, manifest: bytes) -> list[LandedFile]:
    """One file, and what its manifest says."""
    settings = deploy(log=DAILY)
    land("log/dt=2026-03-01/a.csv", CONTENT)
    path = land("log/dt=2026-03-01/files.json", manifest)
    return [replace(file, manifest=str(path)) for file in pending(landed(settings), EMPTY, None, None)]


def _listing(*entries: dict[str, Any]) -> bytes:
    return json.dumps({"files": entries}).encode()


@pytest.mark.parametrize("entry", [WHOLE, {"name": "a.csv"}, WHOLE | {"sha256": WHOLE["sha256"].upper()}])
def test_what_agrees_and_what_a_manifest_leaves_out_passes(
    deploy: Deploy, land: Land, entry: dict[str, Any]
) -> None:
    files = _landed(deploy, land, _listing(entry))
    check_manifests(files)
    check_record_counts(files, {("shop.log", "log/dt=2026-03-01/a.csv"): 2})


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (_listing(WHOLE, {"name": "b.csv"}), r"files\.json: lists b\.csv, which is not there"),
        (_listing(), r"a\.csv: is not listed in .*files\.json"),
        (_listing(WHOLE | {"bytes": 7}), r"a\.csv: bytes 6, and .*files\.json says 7"),
        (_listing(WHOLE | {"sha256": "0" * 64}), r"a\.csv: SHA-256 [0-9a-f]{64}, and .*files\.json says 0{64}"),
        (_listing(WHOLE | {"md5": "x"}), r"files\.json: files\.0\.md5: Extra inputs"),
        (b'{"files": [{"na', r"files\.json: Invalid JSON"),
    ],
    ids=["missing file", "not listed", "size", "hash", "unknown key", "cut in half"],
)  # fmt: skip
def test_what_differs_stops_the_run_and_is_named(
    deploy: Deploy, land: Land, manifest: bytes, message: str
) -> None:
    with pytest.raises(ContractError, match=message):
        check_manifests(_landed(deploy, land, manifest))


def test_another_number_of_records_is_named_with_both_numbers(deploy: Deploy, land: Land) -> None:
    files = _landed(deploy, land, _listing(WHOLE))
    with pytest.raises(ContractError, match=r"a\.csv: records 3, and .*files\.json says 2"):
        check_record_counts(files, {files[0].key: 3})
