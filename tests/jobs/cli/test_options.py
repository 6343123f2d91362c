"""The options of every command are taken before it and after it, and listed once."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import typer

from jobs.cli.errors import explained
from jobs.cli.main import app
from jobs.cli.options import Commands, deployment, options
from jobs.cli.reference import Parameter, commands, options_instead_of_a_command

SHARED = {"--conf PATH", "--lake TEXT", "--profile TEXT", "--debug"}
HEAVY = {"pyspark", "great_expectations", "duckdb", "deltalake", "pyarrow", "pandas", "conf.settings", "schemas.catalog",
         "jobs.dev"}  # fmt: skip


def _help(*words: str, capsys: pytest.CaptureFixture[str]) -> str:
    app([*words, "--help"], standalone_mode=False)
    return capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--lake", "outer", "config", "show"],
        ["config", "--lake", "outer", "show"],
        ["config", "show", "--lake", "outer"],
        ["--lake", "first", "config", "show", "--lake", "outer"],
        ["--lake", "first", "config", "--lake", "second", "show", "--lake", "outer"],
        ["--profile", "dev", "config", "show", "--lake", "outer"],
    ],
    ids=" ".join,
)
def test_an_option_is_taken_wherever_it_stands_and_the_last_holds(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIVELAKE_LANDING", "landing")
    app(arguments, standalone_mode=False)
    assert '"lake": "outer"' in capsys.readouterr().out


def test_what_one_call_names_does_not_stay_for_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIVELAKE_LANDING", "landing")
    app(["config", "show", "--lake", str(tmp_path)], standalone_mode=False)
    app(["config", "show"], standalone_mode=False)
    assert deployment().lake != str(tmp_path)


def test_a_folder_of_settings_is_taken_after_a_positional_argument(
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = ["show", "activity_daily", "--limit", "1", "--conf", "/nowhere"]
    assert explained(lambda: app(command, standalone_mode=False), debug=False) == 2
    assert capsys.readouterr().err == "error: /nowhere: no such folder (--conf)\n"


def test_debug_shows_the_trace_after_the_command_too() -> None:
    command = [sys.executable, "-m", "jobs.cli.main", "show", "nothing", "--debug"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr.startswith("Traceback")) == (2, True)


@pytest.mark.parametrize("name", [command.name for command in commands()][1:])
def test_every_command_takes_each_of_them_once(name: str) -> None:
    command = typer.main.get_command(app)
    for word in name.split():
        command = command.commands[word]  # type: ignore[attr-defined]
    spellings = [spelling for parameter in command.params for spelling in parameter.opts]
    assert [spellings.count(option.split()[0]) for option in sorted(SHARED)] == [1] * len(SHARED)


def test_the_reference_lists_them_once_and_what_stands_alone_apart() -> None:
    def spellings(parameters: tuple[Parameter, ...]) -> set[str]:
        return {parameter.spelling for parameter in parameters}

    shared, *others = commands()
    assert (shared.name, spellings(shared.parameters)) == ("", SHARED)
    assert [command.name for command in others if spellings(command.parameters) & SHARED] == []
    assert spellings(tuple(options_instead_of_a_command())) == {
        "--version", "--install-completion", "--show-completion",
    }  # fmt: skip


def test_help_lists_them_once_and_every_command_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    assert _help(capsys=capsys).count("--lake") == 1
    for words in (["run"], ["config"], ["config", "check"]):
        shown = _help(*words, capsys=capsys)
        assert shown.count("--lake") == 1
        assert "--conf, --lake, --profile, --debug may stand here too: activelake --help." in shown


def test_a_command_with_an_option_of_the_same_name_is_refused() -> None:
    other = typer.Typer(cls=Commands, callback=options)

    @other.command()
    def fill(volume: str = typer.Option("", "--lake")) -> None:
        """Fill something."""

    with pytest.raises(ValueError, match="fill: --lake is an option of every command"):
        typer.main.get_command(other)


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert app(["--version"], standalone_mode=False) == 0
    assert capsys.readouterr().out == f"activelake {version('activelake')}\n"


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["--version"]], ids=" ".join)
def test_help_loads_neither_spark_nor_arrow_nor_settings(arguments: list[str]) -> None:
    program = (
        "import sys\n"
        "from jobs.cli.main import app\n"
        f"app({arguments!r}, standalone_mode=False)\n"
        f"sys.exit(', '.join({HEAVY!r} & sys.modules.keys()) or 0)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
