"""Landed files read anew, judged again and computed, checked and published, as one run.

Later records of the same kinds build on the replayed ones: a fact may be the repeat of an earlier one, a state takes the
place of an older one, an interval of a list ends where the next begins. So the later files of these kinds are judged
again with them, and those of kinds whose clean rows do not tell what stood there before from their first file on.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from typing import Any

from conf.errors import ConfigError, ContractError
from conf.settings import Settings
from jobs.arrival.history import processed_horizons
from jobs.lake.tables import Lake
from jobs.pipeline.interrupted_replay import require_present, unfinished_replay
from jobs.pipeline.run import exclusive_run
from jobs.pipeline.run_log import ChangeReason
from jobs.pipeline.stages import Outcome, Progress, Run
from jobs.sources.files.columns import check_columns
from jobs.sources.files.landing import LandedFile, landed, pending
from schemas.kinds import KINDS
from schemas.ops.tables import INGESTED_FILE, REINGEST

Wanted = Mapping[str, Set[date]]
"""Mapping → arrival days that are read anew."""


def replay(settings: Settings, wanted: Wanted, change_reason: ChangeReason, progress: Progress) -> Outcome:
    """Read the files of the wanted days anew, and publish what follows from them.

    Raises:
        ConfigError: a day was not processed yet, or nothing has landed on the days.
        ContractError: a file is gone, or one of another day has changed; nothing was changed.
        GateFailed: nothing was published.
    """
    with exclusive_run(settings, "replay", progress) as current:
        files = choose(settings, current.lake, wanted)
        days = sorted({day for of_source in wanted.values() for day in of_source})
        with current.recorded("replay", current.run_id, (days[0], days[-1]), change_reason):
            _ingest(current, files, (days[0], days[-1]))
            if current.compute((None, None)):
                current.check()
                current.publish()
        return current.outcome


def choose(settings: Settings, lake: Lake, wanted: Wanted) -> tuple[LandedFile, ...]:
    """The files to judge again, in landing order: those of the wanted days, what was judged after them of the same
    kinds, and what an earlier replay has not finished.

    Raises:
        ConfigError: a day was not processed yet, or nothing has landed on the days.
        ContractError: a file is gone, or one of another day has changed.
    """
    ledger = lake.read_rows(INGESTED_FILE)
    ingested = {(row["input"], row["file"]): row for row in ledger.to_pylist()}
    _require_processed(wanted, list(ingested.values()))
    unfinished = unfinished_replay(lake)
    first = first_days(settings, {source: min(days) for source, days in wanted.items()})
    on_disk = {file.key: file for file in landed(settings)}
    of_days = {key for key, file in on_disk.items() if file.landing_date in wanted.get(file.source, ())}
    if not of_days:
        raise ConfigError("nothing has landed on these days")
    later = {key for key, row in ingested.items() if row["landing_date"] >= first.get(row["input"], date.max)}
    require_present(later | unfinished, on_disk.values())
    chosen = of_days | later | unfinished
    files = pending((on_disk[key] for key in chosen), ledger, None, None, chosen)
    may_have_changed = of_days | unfinished
    _must_be_unchanged([file for file in files if file.key not in may_have_changed], ingested)
    check_columns(settings, files)
    return tuple(files)


def first_days(settings: Settings, wanted: Mapping[str, date]) -> dict[str, date]:
    """First arrival day that is judged again of every input that must be.

    Args:
        wanted: mapping → first arrival day that is read anew.
    """
    feeds = [
        (s, f"{s}.{feed.input}", feed.kind) for s, m in settings.sources.items() for feed in m.feeds.values()
    ]
    first = {name: wanted[source] for source, name, _ in feeds if source in wanted}
    while True:
        of_kind = {
            kind: min(first[name] for _, name, of_feed in feeds if of_feed == kind and name in first)
            for kind in {kind for _, name, kind in feeds if name in first}
        }
        of_kind |= {kind: date.min for kind in of_kind if KINDS[kind].rewrites_rows}
        widened = {
            name: min(of_kind[kind] for _, reads, kind in feeds if reads == name and kind in of_kind)
            for name in {name for _, name, kind in feeds if kind in of_kind}
        }
        if widened == first:
            return widened
        first = widened


def _require_processed(wanted: Wanted, rows: list[dict[str, Any]]) -> None:
    ingested_days = [row["landing_date"] for row in rows if row["input"].split(".", 1)[0] in wanted]
    if not ingested_days:
        raise ConfigError(f"nothing of {', '.join(wanted)} was ingested yet")
    outside = sorted(
        day for days in wanted.values() for day in days if not min(ingested_days) <= day <= max(ingested_days)
    )
    if outside:
        raise ConfigError(
            f"{outside[0]} is none of the arrival days that were processed, {min(ingested_days)} to {max(ingested_days)}"
        )


def _must_be_unchanged(files: list[LandedFile], ledger: dict[tuple[str, str], dict[str, Any]]) -> None:
    for file in files:
        before = ledger[file.input, file.file]["content_hash"]
        if before != file.content_hash:
            raise ContractError(
                f"{file.path}: was ingested with SHA-256 {before} and now has {file.content_hash}, and it is of no "
                f"day that is replayed: replay {file.landing_date} as well, or put the old file back"
            )


def _ingest(current: Run, files: tuple[LandedFile, ...], days: tuple[date, date]) -> None:
    horizon = processed_horizons(current.settings, current.lake)
    # Named first: should this run die, the next ingestion finds them named and reads them again.
    rows = [
        {"input": f.input, "file": f.file, "landing_date": f.landing_date, "run_id": current.run_id}
        for f in files
    ]
    current.lake.replace_rows(REINGEST, rows, None)
    current.ingest_files(files, horizon, days, f"ingest {len(files)} files again")
