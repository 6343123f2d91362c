"""Calls of the hook when a command ends: on failures, failed gates and late records."""

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
    """The watched command, which fills in its lake and run id once it has them.

    Attributes:
        command: name of the command in events of the hook.
        lake: where failed gates and late records are read; None until the lake is open.
        run_id: None until the run has begun.
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
    """Call the hook on failure, failed gates and late records; this never changes how the command itself ends.

    The hook is not called when another run holds the lake, since each retry would call it again, nor when a scheduler
    that waits for a source finds it incomplete.

    Args:
        stages: stages of the command; several of them are called a run.
        report_progress: gets a line with the reason if the hook could not be called.
        command: name of the command, if it is not that of its stages.
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
    """The event of a command that failed; the text of an unexpected error may hold data, and is left out."""
    is_ours = isinstance(error, ActiveLakeError)
    message = str(error) if is_ours else f"{type(error).__name__}; the log holds the details"
    code = error.exit_code if isinstance(error, ActiveLakeError) else 1
    if isinstance(error, GateFailed):
        tables = _failed_tables(watch, "critical")
        return Event("gate_failed", watch.run_id, watch.command, code, tables, message[:_LONGEST])
    return Event("failed", watch.run_id, watch.command, code, (), message[:_LONGEST])


def _findings(watch: Watch, stages: Sequence[str]) -> list[Event]:
    """The events of a command that succeeded: gates that failed as warnings, and records that came too late."""
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
    """Source → number of its records that came too late in this run."""
    if watch.lake is None:
        return {}
    balance = watch.lake.read_rows(INGEST_BALANCE)
    is_late_of_run = pc.and_(pc.equal(balance["run_id"], watch.run_id), pc.equal(balance["outcome"], "late"))
    summed = (
        balance.filter(is_late_of_run).group_by("source").aggregate([("records", "sum")]).sort_by("source")
    )
    return {row["source"]: row["records_sum"] for row in summed.to_pylist()}
