"""What a user sees when something fails: one paragraph and an exit code, never a Java stack."""

from __future__ import annotations

import sys
from collections.abc import Callable

from conf.errors import ActiveLakeError


def explained(command: Callable[[], None], debug: bool) -> int:
    """Run a command and return its exit code; with `debug` the stack trace is shown as well."""
    try:
        command()
    except ActiveLakeError as error:
        if debug:
            raise
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except Exception as error:  # the last resort: whatever it is, a user gets a line and not a stack
        if debug:
            raise
        first = next((line for line in str(error).splitlines() if line.strip()), "")
        print(
            f"error: {type(error).__name__}: {first[:300]}\nrun again with --debug for the details",
            file=sys.stderr,
        )
        return 1
    return 0
