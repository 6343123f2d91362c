"""`activelake`: every command, and the exit code of what happened."""

from __future__ import annotations

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
    """Entry point: the exit code says what happened (README, Exit codes)."""
    sys.exit(explained(lambda: app(standalone_mode=True), "--debug" in sys.argv))


if __name__ == "__main__":
    main()
