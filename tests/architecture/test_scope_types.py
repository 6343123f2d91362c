"""A scope type is an entry: what CONTRIBUTING shows, applied to a copy of the declarations, is all that it takes."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.lake.format import CURRENT

ROOT = Path(__file__).resolve().parents[2]
LOOK = """
from conf.settings import load
from jobs.lake.format import CURRENT
from jobs.mapping.targets import targets
from jobs.reports.dimensions import dim_scope
from conf.mapping import Feed, Key
from schemas.clean.activity import EVENTS
from schemas.clean.members import MEMBERS
from schemas.clean.refused import LATE_EVENT
from jobs.lake.arrow import to_arrow
from datetime import date
settings = load()
print([member.code for member in settings.members["campaign"].members])
print("campaign_id" in EVENTS.names, "campaign_id" in LATE_EVENT.names, CURRENT)
print("campaign_id" in targets(Feed(kind="activity", input="x", key=Key(position=True), columns={})).columns)
rows = dim_scope(to_arrow(MEMBERS, []), date(2026, 3, 1)).to_pylist()
print([row["scope_id"] for row in rows if row["scope_type"] == "campaign"])
"""


def shown_diff() -> dict[str, list[tuple[str, str]]]:
    """File → (the line above, the new line) of every line that CONTRIBUTING adds for a scope type."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    block = re.search(r"\*\*A scope type\*\*.*?```diff\n(.*?)```", page, re.S)
    assert block is not None
    added: dict[str, list[tuple[str, str]]] = {}
    above = name = ""
    for line in block.group(1).splitlines():
        if line.startswith("+++ b/"):
            name, above = line.removeprefix("+++ b/"), ""
        elif line.startswith("+"):
            added.setdefault(name, []).append((above, line[1:]))
            above = line[1:]
        else:
            above = line[1:]
    return added


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The declarations and jobs, with the lines that CONTRIBUTING shows."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("conf", "schemas", "expectations", "jobs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name, lines in shown_diff().items():
        path = folder / name
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        for above, line in lines:
            if above:
                assert text.count(f"{above}\n") == 1, f"{name}: no single line {above!r}"
                text = text.replace(f"{above}\n", f"{above}\n{line}\n")
            else:
                text = f"{text}{line}\n"
        path.write_text(text, encoding="utf-8")
    return folder


def test_it_takes_three_files() -> None:
    assert len(shown_diff()) == 3


def test_settings_contracts_mapping_format_and_names_follow(copy: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=copy, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(copy)}
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "['spring_sale']", f"True True {CURRENT + 1}", "True", "['unknown', 'unassigned']",
    ]  # fmt: skip
