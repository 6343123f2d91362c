"""The project's packages as one archive, which the driver sends to executors that run our Python functions."""

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
    """The archive as a file that exists as long as this process, because new executors may ask for it at any time."""
    handle, name = tempfile.mkstemp(prefix="activelake-code-", suffix=".zip")
    with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for package in _PACKAGES:
            for path in sorted((_ROOT / package).rglob("*.py")):
                archive.write(path, path.relative_to(_ROOT))
    archived = Path(name)
    atexit.register(archived.unlink, missing_ok=True)
    return archived
