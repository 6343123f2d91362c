"""`activelake`: every command, and the exit code of what happened."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys

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
    end = ProcessEnd()
    try:
        code: object = explained(lambda: app(standalone_mode=True), "--debug" in sys.argv)
    except SystemExit as ended:  # the way in which the library ends a command, also one that went well
        code = ended.code
    end.code = code if isinstance(code, int) else int(code is not None)
    sys.exit(end.code)


class ProcessEnd:
    """Ends the process after its other exit handlers, without taking Python down.

    Threads that read a lake in an object store call Python; one that is late would abort a process whose work is done.
    Exit handlers run in the order opposite to their registration, so this is made before a command registers any.

    Attributes:
        code: exit code of the process; while it is None, Python ends in its usual way.
    """

    def __init__(self) -> None:
        self.code: int | None = None
        atexit.register(self._leave)

    def _leave(self) -> None:
        if self.code is None:
            return
        with contextlib.suppress(OSError):  # who reads the output may be gone
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(self.code)


if __name__ == "__main__":
    main()
