"""Names are completed by the shell, and a mistyped one is answered with the nearest."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from conf.errors import ConfigError
from jobs.cli.names import table_named
from schemas.catalog import BARE_NAMES, TABLES

PROGRAM = "import sys; sys.argv[0] = 'activelake'; from jobs.cli.main import main; main()"


def _completed(shell: str, **variables: str) -> str:
    environment = os.environ | {"_ACTIVELAKE_COMPLETE": shell, "ACTIVELAKE_LANDING": "landing"} | variables
    command = [sys.executable, "-c", PROGRAM]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def _proposed(line: str, **variables: str) -> list[str]:
    """What bash proposes at the end of a line."""
    count = str(len(line.split(" ")) - 1)
    return _completed("complete_bash", COMP_WORDS=line, COMP_CWORD=count, **variables).split()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script_that_asks_the_program(shell: str) -> None:
    script = _completed(f"source_{shell}")
    assert "_ACTIVELAKE_COMPLETE=complete_" + shell in script and "activelake" in script


@pytest.mark.parametrize("command", ["show", "describe", "digest"])
def test_names_of_tables_are_proposed(command: str) -> None:
    assert _proposed(f"activelake {command} ret") == ["retention"]
    assert _proposed(f"activelake {command} clean.or") == [
        "clean.orders",
        "clean.order_states",
        "clean.order_lines",
    ]


def test_commands_and_forms_are_proposed() -> None:
    assert _proposed("activelake desc") == ["describe"]
    assert _proposed("activelake describe run --format c") == ["csv"]
    assert _proposed("activelake describe ra") == ["raw"]


@pytest.mark.parametrize("command", ["ingest", "replay", "quarantine list"])
def test_mappings_of_the_deployment_are_proposed_as_sources(command: str) -> None:
    assert _proposed(f"activelake {command} --source ") == ["demo"]


def test_where_the_settings_cannot_be_read_no_source_is_proposed() -> None:
    assert _proposed("activelake --conf /nowhere ingest --source ") == []
    assert _proposed("activelake ingest --conf /nowhere --source ") == []


def test_a_table_is_named_with_its_layer_or_without() -> None:
    assert table_named("orders") is table_named("clean.orders") is TABLES["clean.orders"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("activity_dayly", "did you mean reports.activity_daily"),
        ("report.retention", "did you mean reports.retention"),
        ("user_scope_days", "did you mean facts.user_scope_day"),
        ("xyz", "there are clean.events, clean.late_event, clean.members, "),
    ],
)
def test_a_mistyped_name_is_answered_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(ConfigError) as error:
        table_named(name)
    assert str(error.value).startswith(f"{name}: no such table; {hint}")


def test_a_bare_name_that_two_layers_have_names_neither() -> None:
    bare = [name.partition(".")[2] for name in TABLES]
    assert {name for name in bare if bare.count(name) > 1}.isdisjoint(BARE_NAMES)
    assert BARE_NAMES.keys() <= set(bare)
