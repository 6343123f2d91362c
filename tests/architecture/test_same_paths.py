"""A table has one path in every folder: `<layer>/<module>` in schemas/, jobs/, expectations/ and tests/."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from schemas.catalog import FAMILIES

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("facts", "reports")
PARTS = {
    "schemas/reports/declaration": "the word of a report",
    "schemas/reports/family": "the words of a family",
    "jobs/facts/scope_counts": "counts what every fact is made from",
    "jobs/facts/user_history": "what the days of a user know of those before",
    "jobs/facts/lateness": "makes ops.lateness, which tells of the records and is no fact",
    "jobs/reports/engine": "executes the metrics of every family",
    "jobs/reports/inputs": "what every family reads",
    "jobs/reports/registry": "finds the module of each family",
}
"""Modules that have no table of their own under that path."""


def modules(folder: str) -> set[str]:
    """Stems of the modules in a folder; none where there is no such folder."""
    return {path.stem for path in (ROOT / folder).glob("*.py") if path.stem != "__init__"}


def table_modules(folder: str) -> set[str]:
    """Stems of the modules in a folder that have a table of their own."""
    return {stem for stem in modules(folder) if f"{folder}/{stem}" not in PARTS}


def is_built_alone(layer: str, module: str) -> bool:
    """Reports that are declared outside of their family are built with it, and need no module of their own."""
    return layer == "reports" and module not in FAMILIES


def declaring(layer: str) -> set[str]:
    """Modules of schemas/ that need one of the same path that makes their tables."""
    return {stem for stem in table_modules(f"schemas/{layer}") if not is_built_alone(layer, stem)}


def is_test_of(test: str, module: str) -> bool:
    return test == f"test_{module}" or test.startswith(f"test_{module}_")


@pytest.mark.parametrize("layer", LAYERS)
def test_a_module_that_declares_tables_and_the_one_that_makes_them_have_one_path(layer: str) -> None:
    assert declaring(layer) == table_modules(f"jobs/{layer}")


@pytest.mark.parametrize("layer", LAYERS)
def test_a_module_has_a_test_of_its_name_and_a_test_names_a_module(layer: str) -> None:
    tests = {test for test in modules(f"tests/jobs/{layer}") if test.startswith("test_")}
    assert {
        stem for stem in table_modules(f"jobs/{layer}") if not any(is_test_of(test, stem) for test in tests)
    } == set()
    made = modules(f"jobs/{layer}")
    assert {test for test in tests if not any(is_test_of(test, stem) for stem in made)} == set()


def test_a_clean_table_has_a_test_beside_those_of_the_natures_that_write_it() -> None:
    """Clean tables are written by the nature of their kind, in jobs/clean/natures/, and have no module of their own there."""
    tests = modules("tests/jobs/clean")
    assert {
        stem for stem in modules("schemas/clean") if not any(is_test_of(test, stem) for test in tests)
    } == set()


def test_a_report_that_is_built_from_its_declaration_alone_has_a_test_beside_it() -> None:
    alone = {stem for stem in table_modules("schemas/reports") if is_built_alone("reports", stem)}
    assert {f"test_{stem}" for stem in alone} <= modules("tests/schemas/reports")


@pytest.mark.parametrize("layer", ("clean", *LAYERS))
def test_rules_lie_on_the_path_of_the_module_whose_tables_they_are_about(layer: str) -> None:
    for stem in modules(f"expectations/{layer}"):
        rules = import_module(f"expectations.{layer}.{stem}")
        declared = vars(import_module(f"schemas.{layer}.{stem}")).values()
        names = {getattr(value, "name", None) for value in declared}
        assert set(getattr(rules, "RULES", {})) <= names, stem


def test_identities_are_built_on_the_path_of_a_family() -> None:
    folder = ROOT / "jobs" / "check" / "identities"
    assert {path.stem for path in folder.glob("*.py")} - {"__init__", "identity"} <= set(FAMILIES)


@pytest.mark.parametrize("path", sorted(PARTS))
def test_a_part_that_is_allowed_to_have_no_table_exists(path: str) -> None:
    assert (ROOT / f"{path}.py").exists()
