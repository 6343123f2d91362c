"""The generated parts of README: the command line, the settings of scheduled runs and what works today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from conf.operation import ScheduleSettings
from jobs.cli.reference import Parameter, commands, options_instead_of_a_command
from jobs.dev.docs.markdown import grid
from schemas.promise import PROMISE, Line


def promise_lines() -> list[str]:
    """Every line of the promise with its state and what makes it real."""
    states = Counter(line.state for line in PROMISE)
    count = ", ".join(f"{states[state]} {state}" for state in ("done", "in part", "not yet"))
    rows = ((line.section, line.item, line.state, _made_by(line), line.missing) for line in PROMISE)
    return [
        f"{len(PROMISE)} lines: {count}.",
        "",
        *grid(("section", "item", "today", "by", "still missing"), rows),
    ]


def _made_by(line: Line) -> str:
    return ", ".join(f"`{name.removeprefix('reports.')}`" for name in line.by)


def schedule_lines() -> list[str]:
    """Every setting of the scheduled runs."""
    rows = (
        (
            f"`schedule.{name}`",
            "" if field.default is None else f"`{field.default}`",
            field.description or "",
        )
        for name, field in ScheduleSettings.model_fields.items()
    )
    return grid(("setting", "default", "meaning"), rows)


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
