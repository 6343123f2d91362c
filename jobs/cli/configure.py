"""`init`, `config`, `members`: a deployment of one's own."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from conf.errors import ConfigError
from jobs.cli.app import Format, app, deployment, open_lake, screen
from jobs.cli.output import print_rows

config = typer.Typer(help="The settings of the deployment.", no_args_is_help=True)
members_app = typer.Typer(help="Scenes, tools and services.", no_args_is_help=True)
app.add_typer(config, name="config")
app.add_typer(members_app, name="members")


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Folder of the new deployment.")],
    files: Annotated[list[Path], typer.Option("--from", help="A folder or files to look at.")],
) -> None:
    """Look at real files and write a first mapping; what is not sure is left open."""
    from conf.reading import OPEN
    from jobs.dev.init.draft import write
    from jobs.dev.init.sample import look

    for path in files:
        if not path.exists():
            raise ConfigError(f"{path}: no such file or folder (--from)")
    folders = [path.resolve() if path.is_dir() else path.resolve().parent for path in files]
    root = Path(os.path.commonpath(folders))
    samples = [
        f.resolve() for path in files for f in (path.rglob("*") if path.is_dir() else [path]) if f.is_file()
    ]
    source = re.sub(r"[^a-z0-9]+", "_", root.name.lower()).strip("_") or "source"
    for path in write(folder, source, root, look(root, samples)):
        screen.print(f"wrote {path}", highlight=False, soft_wrap=True)
    screen.print(
        f"fill in every {OPEN}, then: activelake --conf {folder} config check",
        highlight=False,
        soft_wrap=True,
    )


@config.command("check")
def config_check() -> None:
    """Whether settings, members and mappings can be executed."""
    from jobs.mapping.check import check_settings

    settings = deployment()
    check_settings(settings)
    screen.print(f"{len(settings.sources)} mappings and {len(settings.members)} members files are in order")


@config.command("show")
def config_show() -> None:
    """The settings as they are after all files and variables were laid over each other, secrets hidden."""
    sys.stdout.write(deployment().model_dump_json(indent=2) + "\n")


@members_app.command("discover")
def members_discover(
    form: Format = "table",
) -> None:
    """Codes that the events carry, when each was first seen, and whether it is listed in conf/members."""
    from jobs.clean.codes import codes

    print_rows(codes(open_lake(), deployment()), form)
