"""A lake says in which form its tables are kept; only the current form is worked on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from conf.errors import ConfigError
from jobs.cli.errors import explained
from jobs.cli.main import app
from jobs.cli.reference import Command, commands
from jobs.lake.format import CURRENT, format_of, stamp
from jobs.lake.tables import Lake
from schemas.ops.tables import LAKE_FORMAT, RUN

WITHOUT_LAKE = {
    "demo",
    "describe",
    "doctor",
    "init",
    "config check",
    "config show",
    "landed",
    "new source",
    "new metric",
    "new report",
}
"""Commands that touch no lake; every other one is tried here, whatever it is."""


COMMANDS = {
    command.name: command for command in commands() if command.name and command.name not in WITHOUT_LAKE
}
WORDS = {
    "table": "activity_daily",
    "text": "select 1",
    "date": "2026-03-01",
    "date_from": "2026-03-01",
    "date_to": "2026-03-01",
}


def line(command: Command, folder: Path) -> list[str]:
    """The command with a value for everything that it must be given."""
    given = command.name.split()
    for parameter in command.parameters:
        if parameter.is_required:
            value = str(folder) if "PATH" in parameter.spelling else WORDS.get(parameter.name, "x")
            given += [parameter.spelling.split()[0], value] if "--" in parameter.spelling else [value]
    return given


def a_run() -> dict[str, object]:
    return {"run_id": "r", "command": "ingest", "started_at": datetime(2026, 3, 1, tzinfo=UTC), "code_version": "1",
            "config_hash": "c"}  # fmt: skip


def without_format(folder: Path) -> str:
    """A lake as the first version wrote it: it has runs and says no format."""
    (folder / "new").mkdir()
    Lake(str(folder / "new")).append_rows(RUN, [a_run()])
    (folder / "new" / "ops" / "run").rename(folder / "run")
    old = folder / "old"
    (old / "ops").mkdir(parents=True)
    (folder / "run").rename(old / "ops" / "run")
    return str(old)


def test_a_new_lake_gets_the_current_format_with_its_first_table(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    assert (format_of(lake), lake.exists(LAKE_FORMAT)) == (None, False)
    lake.append_rows(RUN, [a_run()])
    assert format_of(Lake(str(tmp_path))) == CURRENT
    Lake(str(tmp_path)).append_rows(RUN, [a_run()])
    assert lake.read_rows(LAKE_FORMAT)["format_version"].to_pylist() == [CURRENT]


def test_a_lake_without_a_format_is_of_version_0_and_is_refused_until_it_is_migrated(tmp_path: Path) -> None:
    root = without_format(tmp_path)
    assert format_of(Lake(root, any_format=True)) == 0
    with pytest.raises(ConfigError, match="format 0, this program keeps .*run `activelake migrate`"):
        Lake(root)


@pytest.fixture
def newer(tmp_path: Path) -> str:
    stamp(Lake(str(tmp_path / "lake"), any_format=True), CURRENT + 1)
    return str(tmp_path / "lake")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_refuses_a_lake_of_a_newer_program(
    name: str, newer: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIVELAKE_LANDING", str(tmp_path))
    before = sorted(str(path) for path in Path(newer).rglob("*") if path.name != ".lock")
    given = ["--lake", newer, *line(COMMANDS[name], tmp_path)]
    code = explained(lambda: app(given, standalone_mode=False), debug=False)
    assert (code, f"format {CURRENT + 1} of a newer program" in capsys.readouterr().err) == (2, True)
    assert sorted(str(path) for path in Path(newer).rglob("*") if path.name != ".lock") == before
