"""The table of folders in CONTRIBUTING.md: each Python package in the words of its docstring."""

from __future__ import annotations

import ast
from pathlib import Path

from jobs.dev.docs.markdown import grid

_FOLDERS = ("conf", "schemas", "expectations", "jobs", "dags")


def layout_lines(root: Path) -> list[str]:
    """A row per package, a folder before what lies in it."""
    packages = [path.parent for folder in _FOLDERS for path in sorted((root / folder).rglob("__init__.py"))]
    rows = (
        (f"`{path.relative_to(root).as_posix()}/`", _first_paragraph(path))
        for path in sorted(packages, key=lambda path: (_FOLDERS.index(path.relative_to(root).parts[0]), path))
    )
    return grid(("folder", "holds"), rows)


def _first_paragraph(package: Path) -> str:
    docstring = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))) or ""
    return " ".join(docstring.split("\n\n")[0].split())
