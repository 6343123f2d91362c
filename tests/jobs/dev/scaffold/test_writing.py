"""What `activelake new` writes passes every check of the repository and its own tests, as it is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conf.errors import ConfigError
from jobs.dev.checkout import ROOT
from jobs.dev.scaffold.writing import new_family, new_kind, new_metric, new_report, new_source, with_entry

NEW_TESTS = (
    "tests/sources/test_kiosk.py", "tests/jobs/clean/test_cost.py", "tests/schemas/metrics/test_eager_users.py", "tests/schemas/reports/test_pulse.py",
    "tests/jobs/reports/test_revisits.py",
)  # fmt: skip
SAME_PASS = (
    "tests/schemas/test_declarations.py", "tests/architecture", "tests/jobs/dev/docs/test_pages.py", "tests/oracle",
)  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with a new source, kind of feed, metric, report and report family."""
    folder = tmp_path_factory.mktemp("checkout")
    files = subprocess.check_output(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, text=True
    )
    for name in filter(lambda name: (ROOT / name).is_file(), files.splitlines()):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    if (ROOT / ".mypy_cache").is_dir():
        shutil.copytree(ROOT / ".mypy_cache", folder / ".mypy_cache")
    for what, name in (
        ("source", "kiosk"),
        ("kind", "cost"),
        ("metric", "eager_users"),
        ("report", "pulse"),
        ("family", "revisits"),
    ):
        done = in_copy(folder, "jobs.cli.main", "new", what, name)
        assert done.returncode == 0, done.stderr
    return folder


def in_copy(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(folder), "ACTIVELAKE_JARS": str(ROOT / ".jars")}
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=folder, env=environment, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
        ("jobs.dev.docs", "--check"),
        ("jobs.cli.main", "new", "--help"),
    ],
    ids=lambda arguments: " ".join(arguments),
)
def test_it_passes_the_checks(copy: Path, arguments: tuple[str, ...]) -> None:
    done = in_copy(copy, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_keeps_the_import_layers(copy: Path) -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_it_passes_its_own_tests_and_those_that_look_at_every_declaration(copy: Path) -> None:
    done = in_copy(copy, "pytest", "-p", "no:cacheprovider", *NEW_TESTS, *SAME_PASS)
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(r"\d+ passed", done.stdout)


def test_it_stands_in_the_dictionary_and_in_a_saved_suite(copy: Path) -> None:
    dictionary = (copy / "schemas" / "README.md").read_text(encoding="utf-8")
    assert "### reports.pulse\n" in dictionary and "| `eager_users` | users |" in dictionary
    assert "### reports.revisits\n" in dictionary
    assert "### clean.cost\n" in dictionary and "| `cost_id` | string |" in dictionary
    for table in ("reports.pulse", "reports.revisits", "clean.cost"):
        assert (copy / "expectations" / "suites" / f"{table}.json").exists()


def test_init_and_the_check_of_a_mapping_know_the_new_kind(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "spent").mkdir()
    (tmp_path / "spent" / "2026-03-01.csv").write_text(
        "cost_no,user_id,cost_at,amount\n1,u,2026-03-01T10:00:00Z,2\n"
    )
    done = in_copy(copy, "jobs.cli.main", "init", str(tmp_path / "conf"), "--from", str(tmp_path / "spent"))
    assert done.returncode == 0, done.stderr
    (mapping,) = (tmp_path / "conf" / "sources").glob("*.yml")
    text = mapping.read_text(encoding="utf-8")
    columns = ("user_id: user_id", "cost_at: {column: cost_at, time: iso}", "amount: amount")
    for line in ("kind: cost", "key: {column: cost_no}", *columns):
        assert f" {line}\n" in text
    (tmp_path / "conf" / "settings.yml").write_text("business_zone: UTC\n")
    mapping.write_text(text.replace("TODO", "{calendar: daily}", 1))
    done = in_copy(copy, "jobs.cli.main", "--conf", str(tmp_path / "conf"), "config", "check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_names_that_exist_or_are_none_are_refused() -> None:
    with pytest.raises(ConfigError, match="a metric or column of that name exists"):
        new_metric("dau")
    for name in ("refunds", "members", "order"):
        with pytest.raises(ConfigError, match="a kind of that name, its table or one of its columns exists"):
            new_kind(name)
    with pytest.raises(ConfigError, match="a report of that name exists"):
        new_report("overview")
    with pytest.raises(ConfigError, match="a report or family of that name exists"):
        new_family("orders")
    with pytest.raises(ConfigError, match="a metric or column of that name exists"):
        new_family("dau")
    with pytest.raises(ConfigError, match="'New': a name is a small letter"):
        new_source("New")


def test_an_entry_is_added_at_the_end_of_a_tuple_or_dictionary() -> None:
    text = "A = 1\nB = (\n    1,\n)\nC: dict[str, int] = {\n    'x': 1,\n}\n"
    assert with_entry(text, "B", "    2,\n") == text.replace("    1,\n)", "    1,\n    2,\n)")
    assert with_entry(text, "C", "    'y': 2,\n") == text.replace("1,\n}", "1,\n    'y': 2,\n}")
    with pytest.raises(ConfigError, match="no variable D"):
        with_entry(text, "D", "")
