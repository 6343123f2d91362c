"""The log of Spark's JVM: a temporary file of this process, so that nothing of it reaches the user's terminal."""

from __future__ import annotations

import atexit
import os
import tempfile
from functools import cache
from pathlib import Path


@cache
def path() -> Path:
    """The log file of this process; it is removed when the process ends, unless `keep` was called."""
    handle, name = tempfile.mkstemp(prefix="activelake-spark-", suffix=".log")
    os.close(handle)
    atexit.register(_remove)
    return Path(name)


def _remove() -> None:
    path().unlink(missing_ok=True)


def keep() -> Path | None:
    """Do not remove the log file at the end, so that a person can read it; None if Spark has written nothing."""
    if path.cache_info().currsize == 0 or path().stat().st_size == 0:
        return None
    atexit.unregister(_remove)
    return path()
