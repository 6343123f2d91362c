"""The errors that can stop a run, each with the exit code by which the scheduler decides whether to retry."""

from __future__ import annotations

from collections.abc import Collection


class ActiveLakeError(Exception):
    """A failure that is explained to the user in one paragraph, without a stack trace."""

    exit_code = 1


class ConfigError(ActiveLakeError):
    """A setting, mapping, member file or argument is wrong; names file, line, field and rule."""

    exit_code = 2


def must_be_one_of(allowed: Collection[str], option: str, value: str) -> None:
    """Refuse a value of a command line option that is none of the allowed ones.

    Raises:
        ConfigError: names the option, the value and the allowed values in their order.
    """
    if value not in allowed:
        raise ConfigError(f"{option}: {value!r} is none of {', '.join(allowed)}")


class SourceIncomplete(ActiveLakeError):
    """A required source has not delivered what the run needs; names source and day."""

    exit_code = 3


class ContractError(ActiveLakeError):
    """Data broke a contract that no quarantine can absorb: an imbalance, a changed file, or a stage without what was computed."""

    exit_code = 4


class GateFailed(ActiveLakeError):
    """A critical expectation failed or could not be evaluated; nothing was published."""

    exit_code = 5


class Locked(ActiveLakeError):
    """Another run holds the lake."""

    exit_code = 6


class Conflict(ActiveLakeError):
    """Another writer changed a table between the audit and the publication."""

    exit_code = 7
