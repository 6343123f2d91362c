"""The generated parts of README: the command line and what works today."""

from __future__ import annotations

from collections.abc import Iterator

from jobs.cli.reference import commands
from jobs.docs.markdown import grid


def command_lines() -> list[str]:
    """Every command and its parameters, those that stand before the command first."""
    return grid(("command", "does"), _command_rows())


def _command_rows() -> Iterator[tuple[str, str]]:
    for command in commands():
        yield (
            f"**`{command.name}`**" if command.name else "before every command",
            command.help if command.name else "",
        )
        for parameter in command.parameters:
            default = f" Default {parameter.default}." if parameter.default else ""
            required = " Required." if parameter.is_required and "--" in parameter.spelling else ""
            yield f"&emsp;`{parameter.spelling}`", f"{parameter.help}{default}{required}"
