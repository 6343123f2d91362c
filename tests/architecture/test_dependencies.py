"""What is imported is declared where it is needed, what is declared is used, and the locks hold just that."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HOUSE = {"conf", "schemas", "expectations", "jobs", "dags", "tests"}
DISTRIBUTIONS = {
    "airflow": "apache-airflow",
    "airflow.providers.standard": "apache-airflow-providers-standard",
    "delta": "delta-spark",
    "vl_convert": "vl-convert-python",
    "yaml": "pyyaml",
}
"""Import name → distribution, where the name does not say it."""
NEVER_IMPORTED = {
    "import-linter": "make check",
    "ipykernel": "the kernel in which the notebooks run",
    "mypy": "make check",
    "ruff": "make check",
    "setuptools": "the build backend",
    "types-psutil": "types for mypy",
    "types-pyyaml": "types for mypy",
    "tzdata": "the time zones of zoneinfo, where the system has none",
    "uv": "make lock",
}
"""Declared distributions that no module imports → who uses them."""


def imported(paths: Iterable[Path]) -> set[str]:
    """Distributions that the modules import."""
    names = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
    outside = {name for name in names if name.split(".")[0] not in HOUSE | sys.stdlib_module_names}
    return {distribution_of(name) for name in outside}


def distribution_of(module: str) -> str:
    by_length = sorted(DISTRIBUTIONS, key=len, reverse=True)
    longest = next((name for name in by_length if f"{module}.".startswith(f"{name}.")), None)
    return DISTRIBUTIONS[longest] if longest else module.split(".")[0].replace("_", "-")


def modules(*folders: str, without: tuple[str, ...] = ()) -> list[Path]:
    paths = {path for folder in folders for path in (ROOT / folder).rglob("*.py")}
    return sorted(path for path in paths if not any(path.is_relative_to(ROOT / folder) for folder in without))


def declared(group: str | None = None) -> set[str]:
    """Distributions of a dependency group, or those of the run time."""
    lines = PROJECT["dependency-groups"][group] if group else PROJECT["project"]["dependencies"]
    direct = {Requirement(line).name for line in lines if isinstance(line, str)}
    return direct.union(*(declared(line["include-group"]) for line in lines if isinstance(line, dict)))


RUN_TIME = modules("conf", "schemas", "expectations", "jobs", without=("jobs/dev/airflow",))
TESTS = modules("tests", without=("tests/dags",))
OF_THE_DAGS = modules("conf", "dags", "jobs/dev/airflow", "tests/dags")
ENVIRONMENTS = {
    "run time": (RUN_TIME, declared()),
    "airflow": (OF_THE_DAGS, declared("airflow")),
    "tests": (TESTS, declared() | declared("dev")),
}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_what_is_imported_is_declared(environment: str) -> None:
    paths, distributions = ENVIRONMENTS[environment]
    assert imported(paths) - distributions == set()


@pytest.mark.parametrize(
    ("group", "paths"),
    [(None, RUN_TIME), ("dev", TESTS), ("airflow", OF_THE_DAGS)],
    ids=["run time", "dev", "airflow"],
)
def test_what_is_declared_is_imported_or_used_by_a_named_tool(group: str | None, paths: list[Path]) -> None:
    assert declared(group) - imported(paths) - NEVER_IMPORTED.keys() == set()


def test_no_tool_is_named_that_is_imported_or_not_declared() -> None:
    everything = declared() | declared("dev") | declared("airflow") | declared("build")
    unused = everything - imported([*RUN_TIME, *TESTS, *OF_THE_DAGS])
    assert NEVER_IMPORTED.keys() == unused


def locked(name: str) -> dict[str, set[str]]:
    """Distribution → versions in a lock file; Python's versions may need different ones."""
    versions: dict[str, set[str]] = {}
    for line in (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8").splitlines():
        match = re.match(r"([a-z0-9.-]+)==(\S+)", line)
        if match:
            versions.setdefault(match[1], set()).add(match[2])
    return versions


@pytest.mark.parametrize(
    ("name", "distributions"),
    [
        ("spark", declared() | declared("build")),
        ("dev", declared("dev")),
        ("airflow", declared("airflow")),
    ],
)
def test_what_is_declared_is_locked(name: str, distributions: set[str]) -> None:
    assert distributions - locked(name).keys() == set()


def test_a_production_machine_gets_no_tools_and_development_gets_its_versions() -> None:
    run_time, dev = locked("spark"), locked("dev")
    assert declared("dev") & run_time.keys() == set()
    assert {name: dev[name] for name in dev.keys() & run_time.keys() if dev[name] != run_time[name]} == {}


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.lock")), ids=lambda path: path.stem)
def test_a_lock_holds_versions_and_hashes_and_nothing_that_says_where_from(path: Path) -> None:
    form = re.compile(r"[a-z0-9.-]+==\S+( ; .*)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not form.fullmatch(line)] == []
