"""The small shop's landing files, for the tests that run it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.small_shop import land


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the file's own tests, in which the small shop has landed."""
    path = tmp_path_factory.mktemp("shop")
    land(path)
    return path
