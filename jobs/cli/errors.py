"""What a user sees when something fails: one paragraph and an exit code, never a stack trace of Java."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable

from conf.errors import ActiveLakeError
from jobs.spark import log as spark_log

STOPPED = 130
"""Exit code of a command that was interrupted by its user."""


def explained(command: Callable[[], None], debug: bool) -> int:
    """Run a command and return its exit code; with `debug` the stack trace is shown as well."""
    try:
        command()
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return STOPPED
    except Exception as error:  # the last resort: whatever it is, a user gets a line and not a stack
        if debug:
            traceback.print_exc()
        if isinstance(error, ActiveLakeError):
            print(f"error: {error}", file=sys.stderr)
            return error.exit_code
        print(f"error: {type(error).__name__}: {reason(error)}", file=sys.stderr)
        log = spark_log.keep()
        where = f"; Spark's own log is {log}" if log is not None else ""
        print(f"--debug shows the stack trace{where}", file=sys.stderr)
        return 1
    return 0


def reason(error: Exception) -> str:
    """The one line of an exception that says what went wrong, also where Java or a Python worker raised it."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    if causes:
        return causes[-1][:300]
    traces = [number for number, line in enumerate(lines) if line.startswith("Traceback (")]
    if traces:
        return next((line for line in lines[traces[-1] + 1 :] if not line.startswith(" ")), lines[0])[:300]
    if len(lines) > 1 and lines[0].startswith("An error occurred while calling"):
        return re.sub(r"^: ", "", lines[1])[:300]
    return lines[0][:300] if lines else "no message"
