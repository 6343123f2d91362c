"""The demo shop is the same for the same seed, and plants every kind of fault."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from conf.errors import ConfigError
from jobs.cli.main import app
from jobs.dev.demo.activity import APP
from jobs.dev.demo.shop import generate, users_for
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
    assert len(truth["days"][APP]) == len(truth["table_days"]["clean.events"]) == 60


def test_a_touch_chain_goes_from_an_exposure_in_a_scene_over_tool_and_service_to_later_activity(
    tmp_path: Path,
) -> None:
    generate(tmp_path, users=60, days=12, faults=0, form="parquet")
    files = sorted((tmp_path / "activity_web").rglob("*.parquet"))
    rows = [row for path in files for row in pq.read_table(path).to_pylist()]
    rows.sort(key=lambda row: int(row["event_id"][1:]))
    chains: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["touch_id"]:
            chains.setdefault(row["touch_id"], []).append(row)
    long = [chain for chain in chains.values() if len(chain) > 4]
    assert long
    for first, second, third, *later in long:
        assert (first["event_type"], bool(first["scene"])) == ("exposure", True)
        assert (second["event_type"], bool(second["tool"])) == ("tool_use", True)
        assert (third["event_type"], bool(third["service"])) == ("service_contact", True)
        assert later[-1]["session_id"] != first["session_id"]
        assert len({row["user_id"] for row in (first, second, third, *later)} - {None}) == 1
    assert all(row["merchant_id"] for row in rows if row["item_id"])


def test_the_command_takes_every_option(tmp_path: Path) -> None:
    options = ["--seed", "2", "--users", "40", "--days", "5", "--faults", "0", "--format", "parquet"]
    plant = ["--plant", "outage:cart:2026-03-02", "--plant", "vanished:click:2026-03-03"]
    result = CliRunner().invoke(app, ["demo", "--out", str(tmp_path), *options, *plant])
    assert (result.exit_code, "events of 40 users on 5 days" in result.output) == (0, True)
    assert [p["plant"] for p in json.loads((tmp_path / "truth.json").read_text())["plants"]] == [
        "outage",
        "vanished",
    ]


def test_a_number_of_events_is_met_within_a_tenth(tmp_path: Path) -> None:
    users = users_for(60_000, seed=7, days=10)
    assert abs(generate(tmp_path, users=users, days=10)["events"] - 60_000) < 6_000


def test_a_form_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--format: 'xml' is none of mixed, parquet"):
        generate(tmp_path, form="xml")
