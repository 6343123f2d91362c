"""Where Spark's JVM writes: a file that goes with the process, not the terminal of whoever called."""

from __future__ import annotations

import atexit
import os
import tempfile
from functools import cache
from pathlib import Path


@cache
def path() -> Path:
    """The file of this process; it is removed when the process ends, unless it is kept."""
    handle, name = tempfile.mkstemp(prefix="activelake-spark-", suffix=".log")
    os.close(handle)
    atexit.register(_remove)
    return Path(name)


def _remove() -> None:
    path().unlink(missing_ok=True)


def keep() -> Path | None:
    """Leave the file where it is, for a person to read; None where Spark has written nothing."""
    if path.cache_info().currsize == 0 or path().stat().st_size == 0:
        return None
    atexit.unregister(_remove)
    return path()
