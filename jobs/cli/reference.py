"""The command line as data: every command with its parameters, read from the application itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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
        default: what holds where it is left out; empty for nothing.
    """

    name: str
    spelling: str
    help: str
    default: str
    is_required: bool


@dataclass(frozen=True)
class Command:
    """A command, all its words in one name: `config check`; the application itself has the name ``."""

    name: str
    help: str
    parameters: tuple[Parameter, ...]


def commands() -> list[Command]:
    """The options of every command, under the name ``, then every command in the order of its help."""
    root: Any = typer.main.get_command(app)
    shared = [parameter for parameter in root.params if not parameter.is_eager and parameter.expose_value]
    return [_command("", root.help, shared), *_walk(root, "")]


def options_instead_of_a_command() -> list[Parameter]:
    """What stands alone, such as `--version`."""
    root: Any = typer.main.get_command(app)
    return [_parameter(each) for each in root.params if each.is_eager or not each.expose_value]


def _command(name: str, help_text: str | None, parameters: Iterable[Any]) -> Command:
    return Command(name, " ".join((help_text or "").split()), tuple(map(_parameter, parameters)))


def _walk(command: Any, name: str) -> Iterator[Command]:
    is_group = isinstance(command, TyperGroup)
    if not is_group:
        yield _command(name, command.help, [each for each in command.params if not each.hidden])
    for word, inner in command.commands.items() if is_group else ():
        yield from _walk(inner, f"{name} {word}".strip())


def _parameter(declared: Any) -> Parameter:
    if declared.param_type_name == "argument":
        return Parameter(declared.name, declared.name.upper(), declared.help or "", "", declared.required)
    spelling = " / ".join((*declared.opts, *declared.secondary_opts))
    if not declared.is_flag:
        spelling += f" {declared.metavar or _kind(declared.type_descriptor.annotation)}"
    has_default = declared.default not in (None, False, ()) and not isinstance(declared.default, Callable)  # type: ignore[arg-type]
    return Parameter(
        declared.name,
        spelling,
        declared.help or "",
        str(declared.default) if has_default else "",
        declared.required,
    )


def _kind(annotation: Any) -> str:
    """Word for the values of a type: TEXT, INTEGER, PATH."""
    return next((word for part, word in _KINDS.items() if part in str(annotation)), "TEXT")


_KINDS = {"Path": "PATH", "int": "INTEGER", "float": "NUMBER"}
