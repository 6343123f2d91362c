"""`page`: the published tables as one static page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from conf.errors import must_be_one_of
from jobs.cli.app import app, deployment, errors, open_lake, screen


@app.command()
def page(
    out: Annotated[Path, typer.Option(help="Folder that gets index.html.")],
    lang: Annotated[str | None, typer.Option(help="zh or en; by default both, with a switch.")] = None,
) -> None:
    """Write the published tables as one static page that needs no network."""
    from jobs.notify.watch import watched
    from jobs.page.build import write_page
    from jobs.page.translations import LANGUAGES

    if lang is not None:
        must_be_one_of(LANGUAGES, "--lang", lang)
    with watched(deployment().hook, ("page",), errors.print):
        path = write_page(open_lake(), out, (lang,) if lang else LANGUAGES)
    screen.print(f"{path} ({path.stat().st_size / 1e6:.1f} MB)", highlight=False, soft_wrap=True)
