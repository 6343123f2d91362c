"""A mapping of a kind that is not declared is refused by every command that reads the deployment, before it does anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.cli.errors import explained
from jobs.cli.main import app
from schemas.kinds import KINDS

MAPPING = """title: A shop
root: .
zone: UTC
inputs:
  log:
    path: "{date}.csv"
    format: {kind: csv}
    delivery: {calendar: daily}
feeds:
  clicks:
    kind: clicks
    input: log
    key: position
    columns: {}
"""
DAYS = ("--from", "2026-03-01", "--to", "2026-03-01", "--reason", "x", "--by", "a")


@pytest.mark.parametrize(
    "command",
    [
        ["run"], ["run", "--plan"], ["ingest"], ["compute"], ["check"], ["publish"], ["backfill", *DAYS],
        ["replay", *DAYS, "--source", "shop"], ["status"], ["show", "overview"], ["digest", "overview"], ["sql", "select 1"],
        ["page", "--out", "page.html"], ["config", "check"], ["config", "show"], ["members", "discover"], ["quarantine", "list"],
        ["maintain"], ["migrate"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_it_is_exit_code_2_with_file_line_field_and_the_kinds_that_there_are(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = tmp_path / "conf" / "sources" / "shop.yml"
    mapping.parent.mkdir(parents=True)
    mapping.write_text(MAPPING, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    options = ["--conf", str(tmp_path / "conf"), "--lake", str(tmp_path / "lake")]
    assert explained(lambda: app([*options, *command], standalone_mode=False), debug=False) == 2
    kinds = ", ".join(KINDS)
    assert capsys.readouterr().err == (
        f"error: {mapping}, line 11: feeds.clicks.kind: 'clicks' is no kind of feed; the kinds are {kinds}\n"
    )
    assert not (tmp_path / "lake").exists()


def test_settings_are_loaded_in_one_module_of_the_jobs() -> None:
    jobs = Path(__file__).parents[3] / "jobs"
    loaders = {
        path.relative_to(jobs).as_posix()
        for path in jobs.rglob("*.py")
        if "conf.settings import" in (text := path.read_text(encoding="utf-8")) and " load(" in text
    }
    assert loaders == {"cli/options.py"}
