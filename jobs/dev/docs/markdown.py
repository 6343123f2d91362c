"""Markdown made from data: tables, parts between markers of a page that a person has written, and its blocks of code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from schemas.contract import DeclarationError


def grid(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Lines of a table, and a blank one."""
    names = list(head)
    lines = [f"| {' | '.join(names)} |", f"|{' --- |' * len(names)}"]
    return (
        lines + [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows] + [""]
    )


def filled(page: str, parts: Mapping[str, Iterable[str]]) -> str:
    """The page with each part between `<!-- part: made by make docs -->` and `<!-- end of part -->`.

    Raises:
        DeclarationError: the page lacks the markers of a part.
    """
    for name, lines in parts.items():
        first, last = f"<!-- {name}: made by `make docs` -->", f"<!-- end of {name} -->"
        pattern = re.compile(f"{re.escape(first)}.*?{re.escape(last)}", re.S)
        if not pattern.search(page):
            raise DeclarationError(f"the page lacks {first} … {last}")
        body = "\n".join([first, *lines]).rstrip() + f"\n{last}"
        page = pattern.sub(lambda match, body=body: body, page)  # type: ignore[misc]
    return page


def blocks(page: str, language: str) -> list[str]:
    """The blocks of code in a language, in their order."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", page, re.S | re.M)
    return [code for name, code in fenced if name == language]


def anchor(heading: str) -> str:
    """The fragment by which a link names a heading, as the usual hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def link(heading: str) -> str:
    """A link to a heading of the same page whose text is code."""
    return f"[`{heading}`](#{anchor(heading)})"
