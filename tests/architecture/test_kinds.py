"""A kind of feed is named where it is declared, and the rest of the house derives from the declaration."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.catalog import CLEAN, METRICS
from schemas.columns import COLUMNS
from schemas.kinds import KIND_OF_TABLE, KINDS

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    path
    for folder in ("conf", "schemas", "expectations", "jobs", "dags")
    for path in (ROOT / folder).rglob("*.py")
)
NAMES_KINDS = {
    "schemas/kinds/": "declares them",
    "schemas/reports/": "a report says which kinds it is made of, and which of its metrics",
    "jobs/dev/demo/": "the demo shop lands files of each kind in a folder of its name",
    "jobs/dev/init/order_lines.py": "the lines of a till are records of four kinds at once",
    "jobs/page/": "sections of the page are called so",
    "jobs/check/identities": "an identity applies where its kind is mapped",
    "jobs/upkeep/migrations.py": "a migration names what it was about",
}
"""Where a kind may be named, and why."""
SPEAKS_OF_METRICS = {
    "schemas/metrics/": "units and metrics",
    "schemas/columns/": "units",
    "expectations/": "identities between metrics and what they count",
    "jobs/reports/": "columns and metrics of a report",
    "jobs/explain/scene.py": "a column of a report",
}
"""Where a word that is also the name of a kind is the name of a metric, a column or a unit."""
OTHER_WORDS = {
    word for metrics in METRICS.values() for metric in metrics for word in (metric.name, metric.unit)
} | set(COLUMNS)


def named(text: str) -> Iterator[tuple[int, str, bool]]:
    """Line, kind and whether it is looked up or compared as one, of every kind that a module names in a string."""
    tree = ast.parse(text)
    texts = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    as_kind = {id(part) for node in ast.walk(tree) if _is_about_kinds(node) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in texts:
            stated = [node.value, *re.findall(r"\bkind: (\w+)", node.value)]
            yield from ((node.lineno, word, id(node) in as_kind) for word in stated if word in KINDS)


def _is_about_kinds(node: ast.AST) -> bool:
    """A comparison or a look-up in which something is called kind or horizon, such as `feed.kind in (…)`."""
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
    elif isinstance(node, ast.Subscript):
        sides = [node.value]
    else:
        return False
    names = (getattr(side, "attr", getattr(side, "id", "")).lower() for side in sides)
    return any("kind" in name or "horizon" in name for name in names)


def _entry(path: str, allowed: dict[str, str]) -> str | None:
    return next((entry for entry in allowed if path.startswith(entry)), None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if feed.kind == 'users':\n    pass", [(1, "users", True)]),
        ("x = 1\ny = kind in ('orders', 'refunds')", [(2, "orders", True), (2, "refunds", True)]),
        ("first = horizon['activity']", [(1, "activity", True)]),
        ("lines = ['  kind: activity']", [(1, "activity", False)]),
        ("unit = 'users'", [(1, "users", False)]),
        ("'''users'''\nkind == 'csv'\ncolumns['users_id']", []),
    ],
)
def test_a_kind_in_a_comparison_a_look_up_or_a_text_is_seen(
    text: str, expected: list[tuple[int, str, bool]]
) -> None:
    assert list(named(text)) == expected


def test_no_other_module_names_a_kind() -> None:
    faults, needed = [], set()
    for file in FILES:
        path = file.relative_to(ROOT).as_posix()
        for line, word, is_as_kind in named(file.read_text(encoding="utf-8")):
            entry = _entry(path, NAMES_KINDS)
            if entry is None and word in OTHER_WORDS and not is_as_kind:
                entry = _entry(path, SPEAKS_OF_METRICS)
            needed.add(entry)
            if entry is None:
                faults.append(f"{path}:{line}: {word}")
    assert faults == []
    assert {*NAMES_KINDS, *SPEAKS_OF_METRICS} - needed == set(), "no longer needed"


def test_a_kind_stands_in_a_module_of_its_name() -> None:
    modules = {file.stem for file in (ROOT / "schemas" / "kinds").glob("*.py")}
    assert modules - set(KINDS) == {"__init__", "declaration", "recognition"}
    assert set(KINDS) - modules == set()


def test_every_clean_table_is_written_by_one_kind_or_by_what_all_share() -> None:
    shared = {"clean.late_event", "clean.members", "clean.quarantine"}
    assert {table.name for table in CLEAN} - set(KIND_OF_TABLE) == shared


def test_a_column_of_a_kind_that_is_mapped_is_never_the_day_that_the_ingestion_makes() -> None:
    for kind in KINDS.values():
        for grain in kind.grains:
            assert kind.day not in grain.must_map
