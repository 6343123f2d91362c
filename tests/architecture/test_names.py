"""The words of the field: a name says what it holds, and one name has one meaning."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("conf", "schemas", "expectations", "jobs", "dags")
FILES = sorted(path.relative_to(ROOT) for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))

VAGUE = {"found", "own", "known", "place", "places", "again", "thing", "things", "stuff", "given"}
"""Words that say nothing of what a name holds, wherever in the name they stand."""
RETIRED = {
    "take_in", "bring_in", "taken_in", "owed", "waiting", "reach", "context", "contexts", "context_of", "why", "because",
    "tell", "gather", "words", "unjudged",
}  # fmt: skip
"""Names that have become what they are: days_to_compute, staged_unpublished, closure, window, change_reason, …"""
OF_LIBRARIES = {
    "dags/factory/alerts.py": {"context"},
    "dags/factory/operator.py": {"context"},
    "jobs/check/data_docs.py": {"context"},
    "jobs/check/validation.py": {"context"},
}
"""Names that Airflow passes by keyword, and Great Expectations' own word."""
NOT_YET_CLEAN: tuple[str, ...] = (
    "conf/settings.py",
    "dags/factory/operator.py",
    "dags/factory/process.py",
    "jobs/check/",
    "jobs/cli/",
    "jobs/dev/airflow/",
    "jobs/dev/docs/",
    "jobs/dev/setup/",
    "jobs/pipeline/compute.py",
    "jobs/spark/session.py",
    "schemas/metrics/declaration.py",
)
"""Files and folders that still have such names; an entry goes when its names are mended."""
DEFINED_TWICE = {"Rule"}
"""The rule of a mapping that fills a column, in conf, and the rule of a suite, in expectations; no module knows both."""


def _defined(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """(name, line) of every function, class, parameter, attribute, variable and import alias that a module defines."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=str(name)) | ast.AsyncFunctionDef(name=str(name)):
                yield name, node.lineno
            case (
                ast.ClassDef(name=str(name)) | ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name))
            ):
                yield name, node.lineno
            case ast.arg(arg=name):
                yield name, node.lineno
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name, node.lineno
            case ast.alias(asname=str(name)):
                yield name, node.lineno


def _is_banned(name: str) -> bool:
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
    lowered = [part.lower() for part in parts]
    return not VAGUE.isdisjoint(lowered) or "_".join(lowered) in RETIRED


def banned_names(path: Path, text: str) -> list[str]:
    """`line: name` of each banned name that a module defines, and the module's own name where it is banned."""
    allowed = OF_LIBRARIES.get(path.as_posix(), set())
    names = [("module", path.stem), *((str(line), name) for name, line in _defined(ast.parse(text)))]
    return [f"{where}: {name}" for where, name in names if _is_banned(name) and name not in allowed]


BANNED = {path.as_posix(): banned_names(path, (ROOT / path).read_text(encoding="utf-8")) for path in FILES}


@pytest.mark.parametrize("path", [path for path in BANNED if not path.startswith(NOT_YET_CLEAN)])
def test_a_name_says_what_it_holds(path: str) -> None:
    assert BANNED[path] == []


def test_what_is_listed_as_not_yet_clean_still_has_a_banned_name() -> None:
    unclean = [path for path, names in BANNED.items() if names]
    assert [entry for entry in NOT_YET_CLEAN if not any(path.startswith(entry) for path in unclean)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def of_day(rows):\n    rows_of_day = rows\n    return rows_of_day", []),
        ("found = 1", ["1: found"]),
        ("def f(known_keys): ...", ["1: known_keys"]),
        ("class GivenRows:\n    why: str", ["1: GivenRows", "2: why"]),
        ("class Row:\n    def __init__(self):\n        self.place = 1", ["3: place"]),
        ("total = sum(own for own in range(3))", ["1: own"]),
        ("import pandas as stuff", ["1: stuff"]),
        ("def _waiting(): ...", ["1: _waiting"]),
        ("from stream import tell\nowner = tell()\nunknown = 'found again'", []),
    ],
)  # fmt: skip
def test_a_banned_name_is_seen_wherever_it_is_defined(text: str, expected: list[str]) -> None:
    assert sorted(banned_names(Path("jobs/lake/rows.py"), text)) == sorted(expected)


def test_a_module_is_named_by_what_it_holds_too() -> None:
    assert banned_names(Path("jobs/mapping/words.py"), "") == ["module: words"]


def _types(tree: ast.Module) -> Iterator[str]:
    """Classes and type aliases of a module: names with a capital letter that are no constants."""
    for node in tree.body:
        match node:
            case ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if re.match(r"_?[A-Z]\w*[a-z]", name):
                    yield name


def test_a_class_or_type_alias_is_defined_once() -> None:
    modules: dict[str, list[str]] = defaultdict(list)
    for path in FILES:
        for name in _types(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            modules[name].append(path.as_posix())
    twice = {name: paths for name, paths in modules.items() if len(paths) > 1}
    assert {name: paths for name, paths in twice.items() if name not in DEFINED_TWICE} == {}
    assert twice.keys() >= DEFINED_TWICE
