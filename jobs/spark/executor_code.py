"""The project's packages as one archive: executors run our functions and get the code for them from the driver."""

from __future__ import annotations

import atexit
import os
import tempfile
import zipfile
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_PACKAGES = ("conf", "schemas", "expectations", "jobs")


@cache
def code_archive() -> Path:
    """A file that lasts as long as this process, since executors may ask for it at any time."""
    handle, name = tempfile.mkstemp(prefix="activelake-code-", suffix=".zip")
    with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for package in _PACKAGES:
            for path in sorted((_ROOT / package).rglob("*.py")):
                archive.write(path, path.relative_to(_ROOT))
    archived = Path(name)
    atexit.register(archived.unlink, missing_ok=True)
    return archived
