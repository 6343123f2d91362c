"""The browser of the page's tests is the one on PATH."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.dev.setup.browser import find_chromium


def test_chromium_is_found_on_path_under_any_of_its_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chrome = tmp_path / "google-chrome"
    chrome.write_text("#!/bin/sh\n")
    chrome.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_chromium() == chrome


def test_without_a_browser_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_chromium() is None
