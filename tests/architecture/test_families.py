"""What is common to all report families names none of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.catalog import FAMILIES, REPORTS

ROOT = Path(__file__).resolve().parents[2]
COMMON = (
    "jobs/arrival/closure.py",
    "jobs/arrival/report_window.py",
    "jobs/pipeline/compute.py",
    "jobs/pipeline/stages.py",
    "jobs/pipeline/backfill.py",
    "jobs/check/coverage.py",
    "jobs/check/evidence.py",
    "jobs/check/gates.py",
    "jobs/check/audit.py",
    "jobs/check/identities/__init__.py",
    "jobs/check/identities/identity.py",
    "jobs/publish/difference.py",
    "jobs/publish/publish.py",
    "jobs/publish/stage.py",
    "jobs/reports/inputs.py",
    "jobs/reports/registry.py",
    "expectations/catalog.py",
    "expectations/profile.py",
    "expectations/suite.py",
    "schemas/catalog.py",
    "schemas/reports/declaration.py",
    "schemas/reports/family.py",
)
MADE_FROM_WHAT_IS_STAGED = {
    f"jobs.reports.{name}" for name, family in FAMILIES.items() if family.made_at == "stage"
}
"""Whoever stages and publishes tells these what they are about."""
_TABLES = {report.name for report in REPORTS}
_DECLARING = {f"schemas.reports.{name}" for name in FAMILIES}
_BUILDING = {f"jobs.reports.{name}" for name in FAMILIES} - MADE_FROM_WHAT_IS_STAGED


def named(source: str) -> Iterator[str]:
    """Report tables, and modules of families, that a module's code names."""
    tree = ast.parse(source)
    said = {
        node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in said:
            yield from (name for name in _TABLES if name in node.value)
        elif isinstance(node, ast.ImportFrom) and node.module in _DECLARING | _BUILDING:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in _DECLARING | _BUILDING)


@pytest.mark.parametrize("path", COMMON)
def test_no_family_is_named_where_all_are_treated_alike(path: str) -> None:
    assert list(named((ROOT / path).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ('x = "reports.retention"', ["reports.retention"]),
        ('f"ops.{x}.reports.overview"', ["reports.overview"]),
        ("from schemas.reports.orders import ORDERS_DAILY_REPORT", ["schemas.reports.orders"]),
        ("import jobs.reports.retention", ["jobs.reports.retention"]),
        ('"""Brings reports.retention up to date."""', []),
    ],
)
def test_a_name_in_code_is_seen_and_one_in_a_docstring_is_not_meant(source: str, names: list[str]) -> None:
    assert list(named(source)) == names
