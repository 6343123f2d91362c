"""The files of a new source, kind of feed, metric, report or report family, from the templates beside this module."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from string import Template

from conf.errors import ConfigError
from jobs.dev.checkout import ROOT
from schemas.catalog import FAMILIES, METRICS, REPORT_OF, TABLES
from schemas.columns import COLUMNS
from schemas.kinds import KINDS

TEMPLATES = Path(__file__).parent / "templates"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


def new_source(name: str) -> list[Path]:
    """A mapping onto the contract of activity, a landed file and its test.

    Raises:
        ConfigError: the name is none, or something of that name exists.
    """
    _check(name)
    folder = ROOT / "tests" / "sources"
    return _write(
        name,
        {
            ROOT / "conf" / "sources" / f"{name}.yml": "source.yml",
            folder / name / "dt=2026-03-01" / "events.jsonl": "source.jsonl",
            folder / f"test_{name}.py": "test_source.py.txt",
        },
    )


def new_kind(name: str) -> list[Path]:
    """The declaration of a kind of feed, its clean table with its columns, and a test that lands records of it.

    Raises:
        ConfigError: the name is none, or a kind, table or column of that name exists.
    """
    _check(name)
    columns = {f"{name}_{ending}" for ending in ("id", "at", "date")}
    if name in KINDS or f"clean.{name}" in TABLES or columns & set(COLUMNS):
        raise ConfigError(f"{name}: a kind of that name, its table or one of its columns exists")
    schemas = ROOT / "schemas"
    return _write(
        name,
        {
            schemas / "columns" / f"{name}.py": "kind_columns.py.txt",
            schemas / "clean" / f"{name}.py": "kind_clean.py.txt",
            schemas / "kinds" / f"{name}.py": "kind.py.txt",
            ROOT / "tests" / "jobs" / "clean" / f"test_{name}.py": "test_kind.py.txt",
        },
    )


def new_metric(name: str) -> list[Path]:
    """An entry of reports.activity_daily, its entry in the oracle, and a test of both.

    Raises:
        ConfigError: the name is none, or a metric or column of that name exists.
    """
    _check(name)
    _check_metric(name)
    test = {ROOT / "tests" / "schemas" / "metrics" / f"test_{name}.py": "test_metric.py.txt"}
    entries = {
        (ROOT / "schemas" / "metrics" / "activity.py", "ACTIVITY"): "metric.txt",
        (ROOT / "tests" / "oracle" / "metrics.py", "PER_DAY"): "oracle.txt",
    }
    written = _write(name, test)
    for (path, variable), template in entries.items():
        text = with_entry(path.read_text(encoding="utf-8"), variable, _filled(template, name))
        path.write_text(text, encoding="utf-8")
    return [path for path, _ in entries] + written


def new_report(name: str) -> list[Path]:
    """A declaration in schemas/reports, and a test of its rows.

    Raises:
        ConfigError: the name is none, or a report of that name exists.
    """
    _check(name)
    if f"reports.{name}" in REPORT_OF:
        raise ConfigError(f"{name}: a report of that name exists")
    return _write(
        name,
        {
            ROOT / "schemas" / "reports" / f"{name}.py": "report.py.txt",
            ROOT / "tests" / "schemas" / "reports" / f"test_{name}.py": "test_report.py.txt",
        },
    )


def new_family(name: str) -> list[Path]:
    """A declaration in schemas/reports, the module that builds it in jobs/reports, and a test of its rows.

    Raises:
        ConfigError: the name is none, or a family, report, metric or column of that name exists.
    """
    _check(name)
    if name in FAMILIES or f"reports.{name}" in REPORT_OF:
        raise ConfigError(f"{name}: a report or family of that name exists")
    _check_metric(name)
    return _write(
        name,
        {
            ROOT / "schemas" / "reports" / f"{name}.py": "family.py.txt",
            ROOT / "jobs" / "reports" / f"{name}.py": "build_family.py.txt",
            ROOT / "tests" / "jobs" / "reports" / f"test_{name}.py": "test_family.py.txt",
        },
    )


def finish(paths: list[Path]) -> None:
    """Format what was written and make the generated pages anew, in a process that sees the new declarations."""
    code = [str(path) for path in paths if path.suffix == ".py"]
    if code:
        # Where an import belongs depends on the name.
        for command in (["check", "-q", "--select", "I", "--fix"], ["format", "-q"]):
            subprocess.run([sys.executable, "-m", "ruff", *command, *code], cwd=ROOT, check=True)
    subprocess.run([sys.executable, "-m", "jobs.dev.docs"], cwd=ROOT, check=True)


def with_entry(text: str, variable: str, entry: str) -> str:
    """The text of a module with one more entry at the end of a tuple or dictionary.

    Raises:
        ConfigError: the module has no such variable.
    """
    for node in ast.parse(text).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == variable for target in targets):
            lines = text.splitlines(keepends=True)
            last = (node.end_lineno or 0) - 1
            return "".join([*lines[:last], entry, *lines[last:]])
    raise ConfigError(f"no variable {variable} to add to")


def _check(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ConfigError(f"{name!r}: a name is a small letter, then small letters, digits and _")
    if not (ROOT / "tests").is_dir():
        raise ConfigError(f"{ROOT}: no checkout of the repository; new files are written into one")


def _check_metric(name: str) -> None:
    if name in COLUMNS or any(name == metric.name for metrics in METRICS.values() for metric in metrics):
        raise ConfigError(f"{name}: a metric or column of that name exists")


def _filled(template: str, name: str) -> str:
    return Template((TEMPLATES / template).read_text(encoding="utf-8")).substitute(
        name=name, constant=name.upper()
    )


def _write(name: str, files: dict[Path, str]) -> list[Path]:
    for path in files:
        if path.exists():
            raise ConfigError(f"{path}: exists already")
    for path, template in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_filled(template, name), encoding="utf-8")
    return list(files)
