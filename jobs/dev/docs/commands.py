"""The command line and its exit codes as they stand in the pages."""

from __future__ import annotations

from collections.abc import Iterator

from conf.errors import ActiveLakeError
from jobs.cli.reference import Parameter, commands, options_instead_of_a_command
from jobs.dev.docs.markdown import grid


def command_lines() -> list[str]:
    """Every command and its parameters, those of all commands first; then what stands alone."""
    return grid(("command", "does"), _command_rows())


def _command_rows() -> Iterator[tuple[str, str]]:
    for command in commands():
        yield (
            f"**`{command.name}`**" if command.name else "before or after every command",
            command.help if command.name else "",
        )
        yield from map(_parameter_row, command.parameters)
    yield "instead of a command", ""
    yield from map(_parameter_row, options_instead_of_a_command())


def _parameter_row(parameter: Parameter) -> tuple[str, str]:
    default = f" Default {parameter.default}." if parameter.default else ""
    required = " Required." if parameter.is_required and "--" in parameter.spelling else ""
    return f"&emsp;`{parameter.spelling}`", f"{parameter.help}{default}{required}"


def exit_code_lines() -> list[str]:
    """Every exit code, in the words of the error that ends with it."""
    meanings = {0: "Done, or nothing to do.", ActiveLakeError.exit_code: "An unexpected error."}
    meanings |= {
        error.exit_code: " ".join((error.__doc__ or "").split()) for error in ActiveLakeError.__subclasses__()
    }
    return grid(("exit code", "means"), ((str(code), meanings[code]) for code in sorted(meanings)))
