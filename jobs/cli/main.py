"""`activelake`: every command, and the exit code of what happened."""

from __future__ import annotations

import sys

from jobs.cli import configure, machine, operate, page, pipeline, read, schedule  # each adds its commands
from jobs.cli.app import app
from jobs.cli.errors import explained

COMMANDS = (pipeline, read, operate, page, configure, machine, schedule)


def main() -> None:
    """Entry point: the exit code says what happened (README, Exit codes)."""
    sys.exit(explained(lambda: app(standalone_mode=True), "--debug" in sys.argv))


if __name__ == "__main__":
    main()
