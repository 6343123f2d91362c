"""The pages that people read, and what of them can be tried: links, blocks of code, command lines."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from jobs.dev.checkout import ROOT
from jobs.dev.docs.markdown import anchor, blocks

_LISTED = subprocess.check_output(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"], cwd=ROOT, text=True
)
PAGES = [ROOT / name for name in _LISTED.splitlines() if (ROOT / name).is_file()]
_LINK = re.compile(r"\[[^\]]*\]\(([^()\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.M)


def without_code(page: str) -> str:
    """The text of a page without its blocks of code, in which `[a](b)` and `#` mean something else."""
    return re.sub(r"^```.*?^```$", "", page, flags=re.S | re.M)


def links(page: str) -> list[str]:
    """Targets of the links and pictures of a page."""
    return _LINK.findall(without_code(page))


def anchors(page: str) -> set[str]:
    """The fragments of a page's headings; a heading that stands twice has a number the second time."""
    names: list[str] = []
    for heading in _HEADING.findall(without_code(page)):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        names.append(anchor(text) + (f"-{names.count(anchor(text))}" if anchor(text) in names else ""))
    return set(names)


def command_lines(page: str) -> Iterator[list[str]]:
    """The words of every call of `activelake` in a page, in blocks of commands and between backquotes; `a|b` is two calls."""
    lines = "\n".join(blocks(page, "")).replace("\\\n", " ").splitlines()
    lines += [
        code for code in re.findall(r"`([^`\n]+)`", without_code(page)) if code.startswith("activelake ")
    ]
    for line in lines:
        call = re.search(r"\bactivelake (?=[a-z-])(.*)", line)
        if call is not None:
            words = shlex.split(call[1].replace("…", "X"), comments=True)
            yield from (list(choice) for choice in product(*(word.split("|") for word in words)))


def name_of(path: Path) -> str:
    """A page by its path in the repository."""
    return path.relative_to(ROOT).as_posix()
