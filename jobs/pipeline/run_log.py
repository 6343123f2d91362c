"""The log of runs: one row of ops.run per command, whether it succeeds or fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from uuid import uuid4

from conf.errors import ActiveLakeError, ConfigError
from conf.settings import Settings
from jobs.calendar.dates import OpenDateRange
from jobs.lake.tables import Lake
from schemas.ops.tables import RUN


@dataclass(frozen=True)
class ChangeReason:
    """Why published days are changed, and who asks for it.

    Raises:
        ConfigError: one of the two is empty.
    """

    reason: str
    requested_by: str

    def __post_init__(self) -> None:
        for name, text in (("the reason", self.reason), ("--by", self.requested_by)):
            if not text.strip():
                raise ConfigError(f"{name} is empty: it is kept with what is changed")


_STARTED = "%Y%m%dT%H%M%S"


def new_run_id() -> str:
    """A new run id; it begins with the current second in UTC, so that ids sort by time."""
    return f"{datetime.now(UTC).strftime(_STARTED)}-{uuid4().hex[:8]}"


def started_at(run_id: str) -> datetime:
    """The second in which the run of an id began.

    Raises:
        ValueError: the text is no run id.
    """
    return datetime.strptime(run_id.split("-")[0], _STARTED).replace(tzinfo=UTC)


@contextmanager
def recorded(
    lake: Lake,
    settings: Settings,
    command: str,
    run_id: str,
    days: OpenDateRange,
    change_reason: ChangeReason | None = None,
) -> Iterator[None]:
    """Append a row to ops.run when the block ends, with exit code 0 or that of the error.

    Args:
        days: first and last day that the command is about; None for no limit.
        change_reason: for commands that change published days.
    """
    started, code = datetime.now(UTC), 1
    try:
        yield
        code = 0
    except ActiveLakeError as error:
        code = error.exit_code
        raise
    finally:
        row = {
            "run_id": run_id, "command": command, "started_at": started, "finished_at": datetime.now(UTC),
            "exit_code": code, "date_from": days[0], "date_to": days[1], "code_version": version("activelake"),
            "config_hash": settings.hash, "change_reason": change_reason and change_reason.reason,
            "requested_by": change_reason and change_reason.requested_by,
        }  # fmt: skip
        lake.append_rows(RUN, [row])
