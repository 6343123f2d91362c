"""The shape of the house: nothing lies loose, no file is long, and a table has one path in every folder."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("conf", "schemas", "expectations", "jobs", "dags", "tests")
LONGEST = 250
VAGUE_STEMS = {"common", "helpers", "misc", "shared", "util", "utils"}
FILES = sorted(path.relative_to(ROOT) for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def test_every_module_of_jobs_lies_in_a_package_of_its_own_theme() -> None:
    assert [str(path) for path in FILES if path.parts[0] == "jobs" and len(path.parts) == 2] == [
        "jobs/__init__.py"
    ]


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_file_is_no_longer_than_a_reader_keeps_in_mind(path: Path) -> None:
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [str(path) for path in FILES if path.stem in VAGUE_STEMS] == []


def imported(path: Path) -> Iterator[str]:
    """Files of the house that a file imports, inside of functions too, but not for types alone."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    for_types = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and id(node) not in for_types:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            yield from (f"{name.replace('.', '/')}.py" for name in names)


def test_no_file_imports_in_a_circle() -> None:
    files = {path.as_posix() for path in FILES if path.parts[0] != "tests"}
    graph = {name: files & set(imported(Path(name))) - {name} for name in files}
    assert len(list(TopologicalSorter(graph).static_order())) == len(
        files
    )  # CycleError names the files of a circle
