"""The shape of the house: nothing lies loose, no file is long, and a table has one path in every folder."""

from __future__ import annotations

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
