"""`activelake`: every command, and the exit code of what happened."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
from typing import NoReturn

# each module adds its commands
from jobs.cli import (
    change,
    configure,
    machine,
    operate,
    page,
    pipeline,
    quarantine,
    read,
    scaffold,
    schedule,
)
from jobs.cli.app import app
from jobs.cli.errors import explained

COMMANDS = (pipeline, change, quarantine, read, operate, page, schedule, configure, machine, scaffold)


def main() -> None:
    """Entry point: the exit code says what happened (jobs/README.md, Exit codes)."""
    try:
        code: object = explained(lambda: app(standalone_mode=True), "--debug" in sys.argv)
    except SystemExit as ended:  # the way in which the library ends a command, also one that went well
        code = ended.code
    leave(code if isinstance(code, int) else int(code is not None))


def leave(code: int) -> NoReturn:
    """End the process after its exit handlers, without taking Python down first.

    Threads that read a lake in an object store call Python; one that is late would abort a process whose work is done.
    """
    atexit._run_exitfuncs()
    with contextlib.suppress(OSError):  # who reads the output may be gone
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
