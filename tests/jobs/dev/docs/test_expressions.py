"""The examples of conf/README.md are all of what an expression may hold, and no more."""

from __future__ import annotations

import re

import sqlglot

from jobs.dev.checkout import ROOT
from jobs.mapping.expressions import ALLOWED, fault_of


def _examples() -> list[str]:
    page = (ROOT / "conf" / "README.md").read_text(encoding="utf-8")
    section = page.split("\n## Expressions\n")[1].split("\n## ")[0]
    rows = [re.split(r"(?<!\\)\|", line) for line in section.splitlines() if line.startswith("| ")]
    return [code.replace("\\|", "|") for row in rows[1:] for code in re.findall("`([^`]+)`", row[3])]


def test_every_example_may_be_executed() -> None:
    assert {example: fault_of(example) for example in _examples() if fault_of(example)} == {}


def test_the_examples_show_everything_that_is_allowed() -> None:
    shown = {
        type(node) for example in _examples() for node in sqlglot.parse_one(example, dialect="spark").walk()
    }
    missing = [node.__name__ for node in ALLOWED if not any(issubclass(one, node) for one in shown)]
    assert missing == []
