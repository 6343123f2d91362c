"""Notebooks run on published tables, name the causes that were planted, and carry neither outputs nor definitions."""

from __future__ import annotations

import ast
import html
import re
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from pyspark.sql import SparkSession

from conf.settings import load
from jobs.dev.demo.shop import generate
from jobs.explain.change import split
from jobs.explain.question import ask
from jobs.explain.tables import Tables, read_tables
from jobs.pipeline.run import STAGES, run
from tests.lakes import Silent

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
PLANTS = ("late_file:2026-03-11:5", "outage:search:2026-03-18", "vanished:click:2026-03-19")


@pytest.fixture(scope="module")
def published(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A lake of 24 days with the three causes on days of their own."""
    landing, lake = tmp_path_factory.mktemp("landing"), str(tmp_path_factory.mktemp("lake"))
    generate(landing, seed=11, users=150, days=24, plants=PLANTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACTIVELAKE_LANDING", str(landing))
        run(load(lake=lake), STAGES, None, None, Silent())
    return lake


def _executed(name: str, **parameters: Any) -> list[Any]:
    """Code cells after a run with other values for the parameters, which come after the tagged cell."""
    notebook = nbformat.read(FOLDER / name, as_version=4)
    tagged = next(n for n, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", ()))
    lines = "\n".join(f"{key} = {value!r}" for key, value in parameters.items())
    notebook.cells.insert(tagged + 1, nbformat.v4.new_code_cell(lines))
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(FOLDER)}}).execute()
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _table(cell: Any) -> list[list[str]]:
    """The rows that a cell shows, without their index."""
    text = cell.outputs[-1]["data"]["text/html"]
    rows = re.findall(r"<tr>(.*?)</tr>", text.split("<tbody>")[1], re.DOTALL)
    return [[html.unescape(value) for value in re.findall(r"<td>(.*?)</td>", row, re.DOTALL)] for row in rows]


@pytest.mark.parametrize(
    ("before", "after", "cause", "subject"),
    [
        ("2026-03-04", "2026-03-11", "late events", "2026-03-11"),
        ("2026-03-04", "2026-03-18", "outage", "scene search"),
        ("2026-03-12", "2026-03-19", "event type vanished", "click"),
    ],
)
def test_the_last_table_names_the_planted_cause(
    published: str, before: str, after: str, cause: str, subject: str
) -> None:
    cells = _executed("why_did_it_move.ipynb", LAKE=published, BEFORE=before, AFTER=after)
    first = _table(cells[-1])[0]
    assert first[:2] == [cause, subject]
    assert int(first[2]) < -10
    others = [row[0] for row in _table(cells[-1])[1:]]
    assert others[-2:] in (["number of users", "use of members"], ["use of members", "number of users"])
    assert not {"late events", "outage", "event type vanished"} & set(others) - {"late events"}


def test_one_scene_is_shown_with_all_its_tables(published: str) -> None:
    cells = _executed("look_at_one_scene.ipynb", LAKE=published, SCOPE=("scene", "cart"))
    card, chart, days, types, often, back, peers = cells[2:]
    assert _table(card)[0][:3] == ["scene", "cart", "Cart"]
    assert "vegaEmbed" in chart.outputs[-1]["data"]["text/html"]
    assert len(_table(days)) == 14
    assert {"view", "click", "search"} - {"click"} <= {row[0] for row in _table(types)}
    assert all(len(_table(cell)) > 1 for cell in (often, back))
    assert [row[0] for row in _table(peers) if row[-1] == "True"] == ["cart"]


def _questions(tables: Tables) -> list[tuple[str, tuple[str, str], date, date]]:
    scopes = [("all", "all"), ("scene", "search"), ("tool", "coupon"), ("service", "unassigned")]
    days = [(date(2026, 3, before), date(2026, 3, after)) for before, after in ((11, 4), (4, 18), (18, 19))]
    return [(m, scope, *pair) for m in ("events", "dau") for scope in scopes for pair in days]


def test_the_parts_sum_to_the_change_and_the_tables_to_their_parts_whatever_is_asked(published: str) -> None:
    tables = read_tables(load(lake=published))
    for metric, scope, before, after in _questions(tables):
        change = split(tables, ask(tables, metric, scope, before, after, "scene"))
        parts = change.parts.set_index("part")["change"]
        asked = (metric, scope, before, after)
        assert parts.sum() == change.after - change.before, asked
        assert change.event_types["change"].sum() == parts["tracking"], asked
        assert change.completeness["change"].sum() == parts["completeness"], asked
        assert change.members["change"].sum() == parts["mix"], asked


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_carry_no_outputs_and_define_nothing(path: Path) -> None:
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While)
    assert not [
        node for cell in cells for node in ast.walk(ast.parse(cell.source)) if isinstance(node, defined)
    ]


def test_both_notebooks_are_there() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["look_at_one_scene", "why_did_it_move"]
