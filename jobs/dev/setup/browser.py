"""Which Chromium draws the page in the tests; nothing else needs one."""

from __future__ import annotations

import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> Path | None:
    """The first Chromium or Chrome on PATH; None where the machine has none."""
    found = (shutil.which(name) for name in NAMES)
    return next((Path(place) for place in found if place), None)
