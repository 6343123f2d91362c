"""Progress on the terminal: a live line per stage for a person, plain lines for a log."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class TerminalProgress:
    """Shows the stage and the step a run is at."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._started = time.monotonic()
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            TimeElapsedColumn(),
        )
        self._live = Progress(*columns, console=console, transient=True)
        self._task = self._live.add_task("", total=None)

    def __enter__(self) -> TerminalProgress:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def begin_stage(self, title: str) -> None:
        """A new stage begins."""
        seconds = time.monotonic() - self._started
        self._console.print(f"[dim]{seconds:5.0f} s[/dim]  {title}", highlight=False)
        self._live.update(self._task, description=title)

    def step(self, text: str) -> None:
        """Something inside the stage begins."""
        self._live.update(self._task, description=text)
