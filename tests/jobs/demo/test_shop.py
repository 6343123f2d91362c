"""The demo shop is the same for the same seed, and plants every kind of fault."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from jobs.demo.shop import generate
from schemas.reasons import QUARANTINE_REASONS


def _bytes(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        generate(tmp_path / name, seed=seed, users=60, days=8)
    assert _bytes(tmp_path / "a") == _bytes(tmp_path / "b")
    assert _bytes(tmp_path / "a") != _bytes(tmp_path / "c")


def test_every_reason_of_quarantine_is_planted(tmp_path: Path) -> None:
    totals = generate(tmp_path, users=600, days=20)["feeds"]
    planted = {
        key.split(":")[1] for feed in totals.values() for key in feed if key.startswith("quarantined:")
    }
    assert planted == set(QUARANTINE_REASONS)


def test_without_faults_nothing_is_refused_late_or_repeated(tmp_path: Path) -> None:
    totals = generate(tmp_path, users=80, days=8, faults=0)["feeds"]
    assert {key.split(":")[0] for feed in totals.values() for key in feed} == {"accepted", "superseded"}


def test_the_default_shop_is_as_large_as_it_says(tmp_path: Path) -> None:
    assert generate(tmp_path)["events"] >= 300_000
    truth = json.loads((tmp_path / "truth.json").read_text())
    assert len(truth["lines_in"]["demo.app_activity"]) == 60
