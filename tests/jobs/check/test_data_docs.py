"""Data Docs are Great Expectations' own pages of a run, and opening them asks nothing of any network."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conf.errors import GateFailed
from expectations.suite import suites
from jobs.lake.tables import Lake
from jobs.pipeline.run import run
from schemas.ops.tables import PROFILE
from tests.jobs.check.staged_shop import RUN, Silent, settings_of


def _pages(folder: Path) -> dict[str, str]:
    return {
        str(page.relative_to(folder)): page.read_text(encoding="utf-8") for page in folder.rglob("*.html")
    }


def test_a_run_says_where_its_pages_are_and_they_show_every_suite(root: Path) -> None:
    outcome = run(settings_of(root), ("check",), None, None, Silent())
    folder = root / "ops" / "data_docs" / RUN
    assert outcome.messages == [f"the gates of this run as pages: {folder / 'index.html'}"]
    pages = _pages(folder)
    assert len(pages) == len(suites()) + 1
    index = pages.pop("index.html")
    links = dict(re.findall(r'<a href="([^"]+)">([^<]+)</a>', index))
    assert sorted(links.values()) == sorted(suites())
    assert links.keys() == pages.keys()
    shown = "\n".join(pages.values())
    assert "new_to_platform" in shown and "Succeeded" in shown


def test_pages_ask_nothing_of_a_network(root: Path) -> None:
    run(settings_of(root), ("check",), None, None, Silent())
    for name, text in _pages(root / "ops" / "data_docs" / RUN).items():
        loaded = re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"']?(https?:)?//", text)
        assert loaded == [], name
        assert "url(http" not in text and "@import" not in text, name


def test_pages_of_a_failed_run_say_what_failed_and_where_they_are_can_be_set(
    root: Path, tmp_path: Path
) -> None:
    lake = Lake(str(root))
    rows = lake.read_rows(PROFILE).to_pylist()
    broken = next(r for r in rows if r["table_name"] == "clean.events" and r["column_name"] == "event_date")
    broken["null_count"] = 17
    lake.replace_rows(PROFILE, rows, None)
    settings = settings_of(root).model_copy(update={"data_docs": str(tmp_path / "docs")})
    with pytest.raises(GateFailed, match="event_date is always known"):
        run(settings, ("check",), None, None, Silent())
    page = next(text for name, text in _pages(tmp_path / "docs" / RUN).items() if "clean/events" in name)
    assert "17" in page and "Failed" in page
    assert not (root / "ops" / "data_docs").exists()
