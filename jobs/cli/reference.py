"""The command line as data: every command with its parameters, read from the application itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperGroup

from jobs.cli.main import app


@dataclass(frozen=True)
class Parameter:
    """An argument or option.

    Attributes:
        spelling: as it is typed: `--date YYYY-MM-DD`, `--plan`, `TABLE`.
        default: what holds where it is not given; empty for nothing.
    """

    name: str
    spelling: str
    help: str
    default: str
    is_required: bool


@dataclass(frozen=True)
class Command:
    """A command, its words as one name: `config check`; the application itself has the name ``."""

    name: str
    help: str
    parameters: tuple[Parameter, ...]


def commands() -> list[Command]:
    """The options before every command, under the name ``, then every command in the order of its help."""
    return list(_walk(typer.main.get_command(app), ""))


def _walk(command: Any, name: str) -> Iterator[Command]:
    is_group = isinstance(command, TyperGroup)
    if not is_group or command.params:
        yield Command(name, " ".join((command.help or "").split()), tuple(map(_parameter, command.params)))
    for word, inner in command.commands.items() if is_group else ():
        yield from _walk(inner, f"{name} {word}".strip())


def _parameter(given: Any) -> Parameter:
    if given.param_type_name == "argument":
        return Parameter(given.name, given.name.upper(), given.help or "", "", given.required)
    spelling = " / ".join((*given.opts, *given.secondary_opts))
    if not given.is_flag:
        spelling += f" {given.metavar or _kind(given.type_descriptor.annotation)}"
    has_default = given.default not in (None, False, ()) and not isinstance(given.default, Callable)  # type: ignore[arg-type]
    return Parameter(
        given.name, spelling, given.help or "", str(given.default) if has_default else "", given.required
    )


def _kind(annotation: Any) -> str:
    """Word for the values of a type: TEXT, INTEGER, PATH."""
    return next((word for part, word in _KINDS.items() if part in str(annotation)), "TEXT")


_KINDS = {"Path": "PATH", "int": "INTEGER", "float": "NUMBER"}
