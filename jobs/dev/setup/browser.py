"""Which Chromium draws the page in the tests; nothing else needs one."""

from __future__ import annotations

import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> Path | None:
    """The first Chromium or Chrome on PATH; None where the machine has none."""
    paths = (shutil.which(name) for name in NAMES)
    return next((Path(path) for path in paths if path), None)
