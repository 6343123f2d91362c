"""schemas/PROMISE.md: every line of what the product is to be, and what makes it real today."""

from __future__ import annotations

from collections import Counter

from jobs.dev.docs.markdown import grid
from schemas.promise import PROMISE, Line

_HEAD = """# What works today

Each line of what the product is to be, and the columns and commands that make it real. A test sees that every one of
them holds values on the demo shop.
"""


def promise_page(mark: str) -> str:
    """The whole page: a table for each section of the promise."""
    lines = [_HEAD, mark, "", promise_count(), ""]
    for section in dict.fromkeys(line.section for line in PROMISE):
        rows = (
            (line.item, line.state, _made_by(line), line.missing)
            for line in PROMISE
            if line.section == section
        )
        lines += [f"## {section}", "", *grid(("item", "today", "by", "still missing"), rows)]
    return "\n".join(lines).rstrip() + "\n"


def promise_count() -> str:
    """How many lines are in each state, as a sentence."""
    states = Counter(line.state for line in PROMISE)
    count = ", ".join(f"{states[state]} {state}" for state in ("done", "in part", "not yet"))
    return f"{len(PROMISE)} lines: {count}."


def _made_by(line: Line) -> str:
    return ", ".join(f"`{name.removeprefix('reports.')}`" for name in line.by)
