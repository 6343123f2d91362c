"""The queries and programs that the pages show run on the demo shop, and find something."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from typer.testing import CliRunner

from jobs.cli.main import app
from jobs.dev.checkout import ROOT
from jobs.dev.docs.markdown import blocks
from jobs.lake.tables import Lake

QUERIES = blocks((ROOT / "schemas" / "README.md").read_text(encoding="utf-8"), "sql")
PROGRAMS = [
    program
    for name in ("README.md", "schemas/CONNECT.md")
    for program in blocks((ROOT / name).read_text(encoding="utf-8"), "python")
]
DEMO = ".demo/lake"


def test_the_pages_show_queries_and_programs() -> None:
    assert len(QUERIES) >= 10 and len(PROGRAMS) >= 7


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_of_the_book_has_an_answer_on_the_demo_shop(query: str, demo_lake: Lake) -> None:
    done = CliRunner().invoke(app, ["--lake", demo_lake.root, "sql", query, "--format", "json"])
    assert done.exception is None, done.exception
    assert json.loads(done.stdout)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_reads_the_demo_shop(
    program: str, demo_lake: Lake, spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert DEMO in program
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"spark": spark}
    exec(program.replace(DEMO, demo_lake.root), names)
    rows = names.get("rows")
    written = [path.stat().st_size for path in tmp_path.iterdir()]
    if isinstance(rows, DataFrame):
        assert rows.count() > 0
    else:
        assert written or len(rows) > 0  # type: ignore[arg-type]
    assert all(size > 1000 for size in written)
