"""Watching a command: what of its end the hook is told."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pyarrow.compute as pc

from conf.errors import ActiveLakeError, GateFailed, Locked, SourceIncomplete
from conf.operation import IS_AWAITED, HookSettings
from jobs.check.results import newest_gates
from jobs.lake.tables import Lake
from jobs.notify.hook import Event, call
from schemas.ops.tables import INGEST_BALANCE

_LONGEST = 500


@dataclass
class Watch:
    """What is known of the watched command.

    Attributes:
        lake: set once it is open, so that gates and balances can be read.
        run_id: set once the run has one.
    """

    command: str
    lake: Lake | None = None
    run_id: str | None = None


@contextmanager
def watched(
    hook: HookSettings,
    stages: Sequence[str],
    report_progress: Callable[[str], None],
    command: str | None = None,
) -> Iterator[Watch]:
    """Call the hook on failure, failed gates and late data; the command's own outcome stays as it is.

    A lake that another run holds is no failure: whoever tries again would tell it each time. Nor is a source that is
    not complete to a scheduler that waits for it.

    Args:
        stages: stages of the command; several of them are a run.
        tell: told why the hook could not be told.
        command: its name, where it is not that of its stages.
    """
    watch = Watch(command or ("run" if len(stages) > 1 else stages[0]))
    try:
        yield watch
    except Exception as error:
        if isinstance(error, Locked) or (isinstance(error, SourceIncomplete) and IS_AWAITED in os.environ):
            raise
        failure = error
        _call_hook(hook, lambda: [_failure(watch, failure)], report_progress)
        raise
    _call_hook(hook, lambda: _findings(watch, stages), report_progress)


def _call_hook(
    hook: HookSettings, events: Callable[[], Sequence[Event]], report_progress: Callable[[str], None]
) -> None:
    if not hook.command and hook.webhook is None:
        return
    try:
        faults = [call(hook, event) for event in events()]
    except Exception as error:  # whatever goes wrong here must not change how the command ends
        faults = [f"could not be told: {type(error).__name__}"]
    for fault in filter(None, faults):
        report_progress(f"hook: {fault}")


def _failure(watch: Watch, error: Exception) -> Event:
    """The text of an error that is not ours may hold values of the data and is not passed on."""
    is_ours = isinstance(error, ActiveLakeError)
    message = str(error) if is_ours else f"{type(error).__name__}; the log holds the details"
    code = error.exit_code if isinstance(error, ActiveLakeError) else 1
    if isinstance(error, GateFailed):
        tables = _failed_tables(watch, "critical")
        return Event("gate_failed", watch.run_id, watch.command, code, tables, message[:_LONGEST])
    return Event("failed", watch.run_id, watch.command, code, (), message[:_LONGEST])


def _findings(watch: Watch, stages: Sequence[str]) -> list[Event]:
    """What a command that ended well has to tell."""
    events = []
    tables = _failed_tables(watch, "warning") if "check" in stages else ()
    if tables:
        text = f"warnings that did not stop the publication: {', '.join(tables)}"
        events.append(Event("gate_failed", watch.run_id, watch.command, 0, tables, text[:_LONGEST]))
    late = _late_records(watch) if "ingest" in stages else {}
    if late:
        text = "; ".join(f"{source}: {records} records came too late" for source, records in late.items())
        events.append(Event("late_data", watch.run_id, watch.command, 0, tuple(late), text[:_LONGEST]))
    return events


def _failed_tables(watch: Watch, severity: str) -> tuple[str, ...]:
    gates = newest_gates(watch.lake) if watch.lake is not None else None
    failed = gates.failed if gates is not None else []
    return tuple(dict.fromkeys(row["table_name"] for row in failed if row["severity"] == severity))


def _late_records(watch: Watch) -> dict[str, int]:
    """Records that came too late in this run, by source."""
    if watch.lake is None:
        return {}
    balance = watch.lake.read_rows(INGEST_BALANCE)
    is_late_of_run = pc.and_(pc.equal(balance["run_id"], watch.run_id), pc.equal(balance["outcome"], "late"))
    summed = (
        balance.filter(is_late_of_run).group_by("source").aggregate([("records", "sum")]).sort_by("source")
    )
    return {row["source"]: row["records_sum"] for row in summed.to_pylist()}
