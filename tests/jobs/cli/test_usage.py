"""A command that is used wrongly says what is wrong and ends with exit code 2, before anything is started."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from rich.console import Console

from jobs.cli.errors import explained
from jobs.cli.main import app
from jobs.cli.output import print_rows

DAYS = ("--from", "2026-03-01", "--to", "2026-03-01")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "nothing"], "nothing: no such table; there are clean.events, "),
        (["show", "activity_daily"], "reports.activity_daily: not written yet in "),
        (["digest", "reports.nothing"], "reports.nothing: no such table"),
        (["sql", "select 1", "--format", "xml"], "--format: 'xml' is none of table, csv, json"),
        (["sql", "select * from read_csv('/etc/passwd')"], "sql: Permission Error"),
        (["sql", "select"], "sql: "),
        (["run", "--date", "yesterday"], "--date: 'yesterday' is no date of the form YYYY-MM-DD"),
        (["run", "--date", "2026-03-01", "--to", "2026-03-02"], "give either --date or --from and --to"),
        (["run", "--from", "2026-03-02", "--to", "2026-03-01", "--plan"], "--to lies before --from"),
        (["run"], ".yml, line 2: root: the environment variable ACTIVELAKE_LANDING is not set"),
        (["init", "new", "--from", "/no/such/folder"], "/no/such/folder: no such file or folder (--from)"),
        (["members", "discover"], "clean.events: not written yet in "),
        (["ingest", "--source", "till"], "--source: 'till' is none of demo"),
        (["replay", *DAYS, "--reason", "x", "--by", "a", "--source", "till"], "--source: 'till' is none of demo"),
        (["backfill", *DAYS, "--reason", " ", "--by", "a"], "the reason is empty"),
        (["backfill", "--from", "2026-03-02", "--to", "2026-03-01", "--reason", "x", "--by", "a"], "--to lies before --from"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("ACTIVELAKE_LANDING", raising=False)
    monkeypatch.chdir(tmp_path)
    lake = ["--lake", str(tmp_path / "lake")]
    assert explained(lambda: app([*lake, *arguments], standalone_mode=False), debug=False) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ") and message in said
    assert said.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir() if path.name != "lake"] == []


def test_a_folder_of_settings_that_does_not_exist_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        explained(lambda: app(["--conf", "/nowhere", "config", "check"], standalone_mode=False), False) == 2
    )
    assert capsys.readouterr().err == "error: /nowhere: no such folder (--conf)\n"


@pytest.mark.parametrize(
    "arguments", [["walk"], ["show"], ["show", "x", "--limit", "-1"], ["run", "--colour"]]
)
def test_what_the_command_line_itself_refuses_is_exit_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        explained(lambda: app(arguments, standalone_mode=True), debug=False)
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert "Usage:" in said and "Traceback" not in said


def test_a_received_text_is_neither_markup_nor_a_command_to_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_rows(pa.table({"raw_text": ["[/red]\x1b[2J"]}), "table")
    printed = capsys.readouterr().out
    assert "[/red]\N{REPLACEMENT CHARACTER}[2J" in printed and "\x1b" not in printed


def test_rows_that_are_wider_than_the_screen_are_shown_as_records_with_every_value_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("jobs.cli.output.screen", Console(width=30))
    rows = pa.table({"day": ["2026-03-01"], "name": ["抽奖"], "note": ["a" * 40]})
    print_rows(rows.select(["day", "name"]), "table")
    assert capsys.readouterr().out.splitlines()[3] == "│ 2026-03-01 │ 抽奖 │"
    print_rows(rows, "table")
    printed = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert printed == ["1:", "day   2026-03-01", "name  抽奖", f"note  {'a' * 24}", f"      {'a' * 16}"]
