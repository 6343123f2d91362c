"""Locks on a lake. The operating system, or HDFS, releases them when their holder dies.

A run locks the whole lake for itself. Runs that only ingest one source share that lock, and guard the tables that they
have in common one by one. Locks are always taken in this order, so that no two runs wait for each other: lake, source,
kind of feed, one small table.
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
    """Report nothing."""


@contextmanager
def hold(
    lake: LakeConnection, *, shared: bool = False, report_progress: Callable[[str], None] = _silent
) -> Iterator[None]:
    """Lock the lake for the time of a run; lakes on object stores are not locked.

    Args:
        shared: share the lock with other runs that share it. HDFS has no shared locks, so there the run waits its turn.
        report_progress: gets a line about what the run waits for.

    Raises:
        Locked: another process holds the lock; names the process.
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
    """Lock one named part of a lake against all other processes and threads; waits until the lock is free.

    Only local lakes are guarded: on HDFS the lock of the lake lets a single process in, and lakes on object stores are
    not locked.

    Args:
        root: root of the lake.
        name: what is guarded, such as a table.
        report_progress: gets a line when the lock is not free at once.
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
