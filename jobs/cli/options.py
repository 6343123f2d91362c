"""The options that stand before or after every command, and the deployment that they name."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from conf.settings import Settings

_EPILOG = "{} may stand here too: activelake --help."


class _Named:
    """What the options named last."""

    conf: Path | None = None
    lake: str | None = None
    profile: str | None = None


def _remember(context: typer.Context, parameter: typer.CallbackParam, value: object) -> object:
    """Take the value of an option; what stands after a command holds over what stands before it."""
    if value is not None or context.parent is None:
        setattr(_Named, parameter.name, value)
    return value


def _show_version(is_asked: bool) -> None:
    from importlib.metadata import version

    if is_asked:
        typer.echo(f"activelake {version('activelake')}")
        raise typer.Exit


def options(
    conf: Annotated[
        Path | None,
        typer.Option(help="Folder laid over the shipped conf (ACTIVELAKE_CONF).", callback=_remember),
    ] = None,
    lake: Annotated[
        str | None, typer.Option(help="Folder or URI of all tables (ACTIVELAKE_LAKE).", callback=_remember)
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            help="Name of a settings file, such as dev or prod (ACTIVELAKE_PROFILE).", callback=_remember
        ),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show stack traces.")] = False,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Version of the program.")
    ] = False,
) -> None:
    """Options of every command, taken as they are read; main reads --debug, since it also explains what fails before."""


class Commands(TyperGroup):
    """The commands of the application; each takes the options of the application as well, which its help leaves out.

    Raises:
        ValueError: a command has an option of the same name.
    """

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        shared = [parameter for parameter in self.params if not parameter.is_eager]
        spellings = {spelling for parameter in shared for spelling in parameter.opts}
        for name, command in _below(self):
            taken = spellings & {spelling for parameter in command.params for spelling in parameter.opts}
            if taken:
                raise ValueError(f"{name}: {', '.join(sorted(taken))} is an option of every command")
            command.params += [_unlisted(parameter) for parameter in shared]
            command.epilog = _EPILOG.format(", ".join(parameter.opts[0] for parameter in shared))


def _below(group: TyperGroup) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        yield name, command
        if isinstance(command, TyperGroup):
            yield from _below(command)


def _unlisted(parameter: Any) -> Any:
    """The same parameter, parsed elsewhere: no help lists it, and no function is handed its value."""
    twin = copy(parameter)
    twin.hidden, twin.expose_value = True, False
    return twin


def deployment() -> Settings:
    """The settings that the options name.

    Raises:
        ConfigError: they are not in order, or a feed is of no kind that is declared.
    """
    from conf.settings import load
    from jobs.mapping.kinds import check_kinds

    settings = load(_Named.conf, _Named.lake, _Named.profile)
    check_kinds(settings)
    return settings
