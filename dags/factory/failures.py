"""Exceptions for the exit codes of the command line, and the policy that decides which of them are retried."""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule

from conf import errors
from conf.errors import ActiveLakeError

_KINDS: tuple[type[ActiveLakeError], ...] = (ActiveLakeError, *ActiveLakeError.__subclasses__())
FAILURES = {kind.exit_code: kind for kind in _KINDS}
INCOMPLETE, LOCKED = errors.SourceIncomplete.exit_code, errors.Locked.exit_code
"""These codes are no failures: the task is rescheduled until the source has delivered, or the other run is done."""
LASTING = (errors.ConfigError, errors.ContractError, errors.GateFailed)
"""Errors for which a retry is useless, because it would fail in the same way."""

RETRIES = 5
LONGEST_DELAY = timedelta(minutes=30)
POLICY = ExceptionRetryPolicy(
    rules=[
        RetryRule(list(LASTING), action=RetryAction.FAIL, reason="the same again would fail again"),
        RetryRule(ActiveLakeError, action=RetryAction.RETRY, reason="may pass: conflict or unexpected"),
    ]
)


def failure(command: str, exit_code: int) -> ActiveLakeError:
    """The exception of an exit code; an unknown code, such as a signal's, is an unexpected error."""
    kind = FAILURES.get(exit_code, ActiveLakeError)
    return kind(f"activelake {command}: exit code {exit_code} ({_first_line(kind)})")


def _first_line(kind: type[ActiveLakeError]) -> str:
    return (kind.__doc__ or "").splitlines()[0]
