"""The command line explains itself."""

import pytest

from jobs.cli.reference import Command, Parameter, commands

COMMANDS = commands()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_and_every_parameter_has_a_help_text(command: Command) -> None:
    assert [p.spelling for p in command.parameters if not p.help.endswith(".")] == []
    assert command.help.endswith(".")


def test_parameters_are_read_as_they_are_typed() -> None:
    show = next(command for command in COMMANDS if command.name == "show")
    assert show.parameters[0] == Parameter("table", "TABLE", show.parameters[0].help, "", True)
    assert [parameter.spelling for parameter in show.parameters[1:]] == [
        "--where TEXT", "--limit INTEGER", "--format TEXT",
    ]  # fmt: skip
    assert show.parameters[3].default == "table"


def test_commands_of_groups_have_both_words() -> None:
    assert {"", "config check", "members discover", "run"} <= {command.name for command in COMMANDS}
