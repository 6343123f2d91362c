"""The command line and its exit codes as they stand in the pages."""

from __future__ import annotations

from collections.abc import Iterator

from conf.errors import ActiveLakeError
from jobs.cli.reference import commands
from jobs.dev.docs.markdown import grid


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


def exit_code_lines() -> list[str]:
    """Every exit code, in the words of the error that ends with it."""
    meanings = {0: "Done, or nothing to do.", ActiveLakeError.exit_code: "An unexpected error."}
    meanings |= {
        error.exit_code: " ".join((error.__doc__ or "").split()) for error in ActiveLakeError.__subclasses__()
    }
    return grid(("exit code", "means"), ((str(code), meanings[code]) for code in sorted(meanings)))
