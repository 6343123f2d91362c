"""Who may work on a lake: locks that the operating system, or HDFS, releases when their holder dies.

A run holds the lake alone; runs that only ingest one source hold it together, and guard what they share table by
table. The order is always: lake, source, kind of feed, then one of the small tables.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from conf.errors import Locked
from jobs.lake.hadoop import lease

if TYPE_CHECKING:
    from jobs.lake.connection import LakeConnection

_LEASE_SECONDS = 5


def _silent(_: str) -> None:
    """Nobody is told."""


@contextmanager
def hold(
    lake: LakeConnection, *, shared: bool = False, report_progress: Callable[[str], None] = _silent
) -> Iterator[None]:
    """Hold the lake for the time of a run; object stores are not locked here.

    Args:
        shared: with others that share it; HDFS has no such lock, so there one waits for its turn.
        tell: told what is waited for.

    Raises:
        Locked: another process holds it; names the process.
    """
    if lake.has_leases:
        with ExitStack() as held:
            _lease(lake, held, shared, report_progress)
            yield
        return
    if "://" in lake.root:
        yield
        return
    path = Path(lake.root) / ".lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holders = ", ".join(file.read().split())
            raise Locked(f"{lake.root}: another run holds the lake (process {holders})") from error
        if not shared:
            file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _lease(
    lake: LakeConnection, held: ExitStack, waits: bool, report_progress: Callable[[str], None]
) -> None:
    while True:
        try:
            held.enter_context(lease(lake.spark, f"{lake.root}/.lock"))
            return
        except Locked as error:
            if not waits:
                raise
            report_progress(f"waits: {error}")
            time.sleep(_LEASE_SECONDS)


@contextmanager
def guard(root: str, name: str, report_progress: Callable[[str], None] = _silent) -> Iterator[None]:
    """Be the only one of all processes and threads that reads, judges and writes something; others are waited for.

    A lake that is no local folder needs none: HDFS lets one process in, and object stores are not locked here.

    Args:
        root: root of the lake.
        name: what is guarded.
        tell: told that it is waited for.
    """
    if "://" in root:
        yield
        return
    path = Path(root) / ".guards" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report_progress(f"waits for another run that writes {name}")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
