"""The ingest stage: new files → raw and clean tables; inputs and feeds that share nothing run side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial, reduce

from pyspark.sql import DataFrame

from conf.settings import Settings
from jobs.arrival.history import history_start
from jobs.arrival.horizon import Horizon
from jobs.clean.batch import Batch, Part
from jobs.clean.feed import Judged, ingest_batch
from jobs.lake.lock import guard
from jobs.lake.tables import Lake
from jobs.mapping.kinds import grain_of
from jobs.sources.files.landing import FileKey, LandedFile
from jobs.sources.files.manifest import check_manifests
from jobs.sources.files.raw import Ingested, ingest_raw, ledger_rows, raw_batch
from schemas.clean.members import MEMBERS
from schemas.clean.refused import LATE_EVENT, QUARANTINE
from schemas.contract import Table
from schemas.kinds import KINDS, REQUIRED
from schemas.ops.tables import INGEST_BALANCE, INGESTED_FILE, REINGEST

_AT_ONCE = 2
"""Lanes that run side by side; most of a small batch is planning, which one thread cannot speed up."""


@dataclass
class Lane:
    """Inputs and feeds that must run one after another, since they share an input or a clean table.

    Attributes:
        inputs: names as `mapping.input`.
        feeds: (mapping, feed) in the order of the mapping files.
        kinds: kinds of the feeds.
    """

    inputs: set[str]
    feeds: list[tuple[str, str]]
    kinds: set[str]


def lanes(settings: Settings, inputs: Iterable[str]) -> list[Lane]:
    """The lanes of the feeds that read these inputs, that of the required kind first since it has the most to do."""
    chosen = set(inputs)
    joined: list[Lane] = []
    for source, mapping in settings.sources.items():
        for name, feed in mapping.feeds.items():
            reads = f"{source}.{feed.input}"
            if reads not in chosen:
                continue
            shared = [lane for lane in joined if reads in lane.inputs or feed.kind in lane.kinds]
            lane = Lane({reads}, [], {feed.kind})
            for other in shared:
                lane.inputs |= other.inputs
                lane.feeds += other.feeds
                lane.kinds |= other.kinds
                joined.remove(other)
            lane.feeds.append((source, name))
            joined.append(lane)
    return sorted(joined, key=lambda lane: REQUIRED.name not in lane.kinds)


def ingest_landed_files(
    lake: Lake,
    settings: Settings,
    files: tuple[LandedFile, ...],
    horizon: dict[str, Horizon],
    run_id: str,
    report_step: Callable[[str], None],
) -> None:
    """Write the records of landed files to the raw and clean tables, and account for every one of them.

    Raises:
        ContractError: a file is not what its manifest says, or a balance does not hold.
        SourceIncomplete: a file changed while it was read.
    """
    check_manifests(files)
    reingested = {(row["input"], row["file"]) for row in lake.read_rows(REINGEST).to_pylist()}

    def through(lane: Lane) -> tuple[Ingested, list[Judged]]:
        of_lane = [file for file in files if file.input in lane.inputs]
        ingested = ingest_raw(lake, settings, of_lane, report_step)
        ingested = replace(ingested, reingested=ingested.reingested | reingested)
        judged = []
        for batch in _batches(lake, settings, lane, of_lane, ingested, horizon, report_step):
            with guard(lake.root, batch.kind.name, report_step):
                judged.append(ingest_batch(batch, run_id))
        return ingested, judged

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        done = list(pool.map(through, lanes(settings, {file.input for file in files})))
        judged = [one for _, batches in done for one in batches]
        kept = {QUARANTINE: [one.quarantine for one in judged], LATE_EVENT: [one.late for one in judged]}
        list(pool.map(partial(_append_all, lake), kept, kept.values()))
    _keep_balance(lake, [row for one in judged for row in one.balance], _feeds_and_files(settings, files))
    lines = {key: count for ingested, _ in done for key, count in ingested.lines_in.items()}
    _replace_ledger(lake, ledger_rows(files, lines, run_id))
    _finish_replay(lake, {file.key for file in files})


def _batches(
    lake: Lake,
    settings: Settings,
    lane: Lane,
    files: list[LandedFile],
    ingested: Ingested,
    horizon: dict[str, Horizon],
    report_step: Callable[[str], None],
) -> Iterable[Batch]:
    """The batches of a lane; each is made when the one before has been written, which it may have to know."""
    parts: dict[tuple[str, str], list[Part]] = {}
    for source, name in lane.feeds:
        mapping = settings.sources[source]
        feed = mapping.feeds[name]
        landed = [file for file in files if file.input == f"{source}.{feed.input}"]
        delivery = mapping.inputs[feed.input].delivery
        start = (
            settings.history_start
            if delivery.is_whole
            else history_start(settings, lake, horizon[REQUIRED.name])
        )
        part = Part(
            f"{source}.{name}", feed, delivery, mapping.zone, raw_batch(lake, landed[0].input, landed),
            {file.file: ingested.lines_in[file.input, file.file] for file in landed},
            frozenset(file.file for file in landed if file.same_as), start,
            frozenset(file.file for file in landed if (file.input, file.file) in ingested.reingested),
        )  # fmt: skip
        judged_with = grain_of(feed).name if KINDS[feed.kind].feeds_overlap else part.source
        parts.setdefault((feed.kind, judged_with), []).append(part)
    for of_batch in parts.values():
        report_step(", ".join(part.source for part in of_batch))
        yield Batch(lake, settings, tuple(of_batch))


def _append_all(lake: Lake, table: Table, frames: list[DataFrame | None]) -> None:
    written = [frame for frame in frames if frame is not None]
    if written:
        with guard(lake.root, table.name):
            lake.append(table, reduce(lambda a, b: a.unionByName(b), written))


def _feeds_and_files(settings: Settings, files: Iterable[LandedFile]) -> set[tuple[str, str]]:
    """(mapping.feed, file) of every feed that reads one of the files."""
    return {
        (f"{file.source}.{name}", file.file)
        for file in files
        for name, feed in settings.sources[file.source].feeds.items()
        if f"{file.source}.{feed.input}" == file.input
    }


def _replace_ledger(lake: Lake, rows: list[dict[str, object]]) -> None:
    """Add rows to ops.ingested_file; rows of files that were read before are replaced."""
    new = {(row["input"], row["file"]) for row in rows}
    with guard(lake.root, INGESTED_FILE.name):
        before = lake.read_rows(INGESTED_FILE).to_pylist()
        kept = [row for row in before if (row["input"], row["file"]) not in new]
        if len(kept) == len(before):
            lake.append_rows(INGESTED_FILE, rows)
        else:
            lake.replace_rows(INGESTED_FILE, kept + rows, None)


def _finish_replay(lake: Lake, ingested: set[FileKey]) -> None:
    """Delete the ingested files from ops.reingest, and the discovered members, which the next computation discovers anew.

    The members first: if this run dies in between, the next one reads the files and deletes the members once more.
    """
    with guard(lake.root, REINGEST.name):
        rows = lake.read_rows(REINGEST).to_pylist()
        left = [row for row in rows if (row["input"], row["file"]) not in ingested]
        if len(left) < len(rows):
            listed = lake.read_rows(MEMBERS)
            lake.replace_rows(MEMBERS, listed.filter(listed["is_declared"]), None)
            lake.replace_rows(REINGEST, left, None)


def _keep_balance(lake: Lake, rows: list[dict[str, object]], rejudged: set[tuple[str, str]]) -> None:
    """Balance rows of files that a run left half done, or that are judged again, are replaced."""
    with guard(lake.root, INGEST_BALANCE.name):
        before = lake.read_rows(INGEST_BALANCE).to_pylist()
        kept = [row for row in before if (row["source"], row["file"]) not in rejudged]
        if len(kept) == len(before):
            lake.append_rows(INGEST_BALANCE, rows)
        else:
            lake.replace_rows(INGEST_BALANCE, kept + rows, None)
