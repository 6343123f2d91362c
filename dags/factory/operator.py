"""The one operator: a command of the command line, in Spark's environment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from airflow.sdk import BaseSensorOperator, PokeReturnValue

from conf.errors import ActiveLakeError
from dags.factory.assets import publication_of, require_published
from dags.factory.command import environment, program
from dags.factory.failures import INCOMPLETE, LOCKED, LONGEST_DELAY, POLICY, RETRIES, failure
from dags.factory.process import Process
from dags.factory.spark import spark_environment


class Activelake(BaseSensorOperator):
    """Runs `activelake ARGUMENTS`.

    Exit codes 3, a source that is incomplete, and 6, a lake that another run holds, put the task off and free its
    slot; the other codes become exceptions that the retry policy reads. What the command prints to standard output
    is the task's XCom.

    Args:
        arguments: the command and its arguments, as templates; those that render to nothing are left out.
        day: the last business day that the task publishes, as a template; needed with outlets.
        landing_timeout_minutes: how long it may be put off for a source.
        lock_timeout_minutes: how long for another run, which may take as long as a command may.
    """

    template_fields: Sequence[str] = ("arguments", "day")
    ui_color = "#e8f0ea"

    def __init__(
        self, *, arguments: Sequence[str], day: str | None = None, connection: str | None = None,
        poll_seconds: int, landing_timeout_minutes: int, lock_timeout_minutes: int, retry_delay_seconds: int,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            mode="reschedule", poke_interval=poll_seconds, timeout=timedelta(minutes=landing_timeout_minutes),
            retries=RETRIES, retry_delay=timedelta(seconds=retry_delay_seconds), retry_exponential_backoff=2,
            max_retry_delay=LONGEST_DELAY, retry_policy=POLICY, **kwargs,
        )  # fmt: skip
        self.arguments = arguments
        self.day = day
        self.connection = connection
        self._patience = {INCOMPLETE: landing_timeout_minutes * 60, LOCKED: lock_timeout_minutes * 60}
        self._process: Process | None = None

    def poke(self, context: Any) -> bool | PokeReturnValue:
        """Run the command once.

        Raises:
            ActiveLakeError: its subclass by exit code.
        """
        code, printed = self._run([argument for argument in self.arguments if argument])
        if code in self._patience:
            self.timeout = self._patience[code]
            return False
        if self.outlets:
            self._describe_outlets(context)
        return PokeReturnValue(True, printed)

    def on_kill(self) -> None:
        """The command ends with its task, and with it every process that it started."""
        if self._process is not None:
            self._process.end()

    def _run(self, arguments: list[str]) -> tuple[int, str]:
        self.log.info("activelake %s", " ".join(arguments))
        self._process = Process([program(), *arguments], environment() | spark_environment(self.connection))
        code, printed = self._process.follow(self.log.info)
        if code not in (0, *self._patience):
            raise failure(arguments[0], code)
        return code, printed

    def _describe_outlets(self, context: Any) -> None:
        _, status = self._run(["status", "--json"])
        if self.day is None:
            raise ActiveLakeError(f"{self.task_id}: outlets without a day")
        if self.arguments[0] == "publish":  # it takes what is staged, which may be another run's by now
            require_published(status, self.day)
        publications = publication_of(status, self.day)
        for asset in self.outlets:
            context["outlet_events"][asset].extra.update(publications.get(asset.name, {}))
