"""One command as a child process: its output is handed on line by line, and it ends with all its children."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

GRACE_SECONDS = 3.0
"""Between SIGTERM and SIGKILL; Airflow itself kills a task 5 seconds after it asked it to end."""


class Process:
    """A command in a session of its own."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._child = subprocess.Popen(
            command, env=dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="backslashreplace", start_new_session=True,
        )  # fmt: skip

    def follow(self, say: Callable[[str], None]) -> tuple[int, str]:
        """Hand on every line of both outputs as it comes; exit code and standard output when it has ended."""
        assert self._child.stdout is not None and self._child.stderr is not None
        beside = threading.Thread(target=_each, args=(self._child.stderr, say), daemon=True)
        beside.start()
        printed = _each(self._child.stdout, say)
        code = self._child.wait()
        beside.join()
        return code, "\n".join(printed)

    def end(self) -> None:
        """Ask the whole process group to end, and after the grace end it by force."""
        deadline = time.monotonic() + GRACE_SECONDS
        self._signal(signal.SIGTERM)
        while time.monotonic() < deadline and self._signal(0):
            self._child.poll()
            time.sleep(0.05)
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> bool:
        try:
            os.killpg(self._child.pid, number)
        except ProcessLookupError:
            return False
        return True


def _each(lines: Iterable[str], say: Callable[[str], None]) -> list[str]:
    texts = []
    for line in lines:
        texts.append(line.rstrip("\n"))
        say(texts[-1])
    return texts
