"""One run at a time on a lake: a lock that the operating system, or HDFS, releases when its holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conf.errors import Locked
from jobs.hadoop import lease
from jobs.lake import Lake


@contextmanager
def hold(lake: Lake) -> Iterator[None]:
    """Hold the lake for the time of a run; object stores are not locked here.

    Raises:
        Locked: another process holds it; names the process.
    """
    if lake.is_hadoop_only:
        with lease(lake.spark, f"{lake.root}/.lock"):
            yield
        return
    if "://" in lake.root:
        yield
        return
    path = Path(lake.root) / ".lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise Locked(
                f"{lake.root}: another run holds the lake (process {file.read().strip()})"
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
