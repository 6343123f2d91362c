"""Files that an interrupted replay has still to ingest; ops.reingest names them until an ingestion has read them."""

from __future__ import annotations

from collections.abc import Iterable, Set

from conf.errors import ContractError, SourceIncomplete
from conf.settings import Settings
from jobs.lake.tables import Lake
from jobs.sources.files.landing import FileKey, LandedFile, landed, pending
from schemas.ops.tables import INGESTED_FILE, REINGEST


def unfinished_replay(lake: Lake, source: str | None = None) -> frozenset[FileKey]:
    """Keys of the files that an interrupted replay has still to ingest; only those of a mapping if `source` names one."""
    rows = lake.read_rows(REINGEST).to_pylist()
    return frozenset(
        (row["input"], row["file"]) for row in rows if source in (None, row["input"].split(".", 1)[0])
    )


def require_present(unfinished: Set[FileKey], files: Iterable[LandedFile]) -> None:
    """Check that every file that has to be ingested once more is still where it landed.

    Raises:
        ContractError: a file is gone; names it.
    """
    gone = sorted(unfinished - {file.key for file in files})
    if gone:
        raise ContractError(
            f"{gone[0][0]}: {gone[0][1]}: was ingested and is no longer there ({len(gone)} such files), or its input's "
            "stable_seconds or manifest leave it for later; it has to be read again, so put it back first"
        )


def unfinished_files(settings: Settings, lake: Lake) -> tuple[LandedFile, ...]:
    """The files that an interrupted replay has still to ingest, in landing order.

    Raises:
        ContractError: a file is gone.
    """
    unfinished = unfinished_replay(lake)
    if not unfinished:
        return ()
    on_disk = landed(settings)
    require_present(unfinished, on_disk)
    chosen = [file for file in on_disk if file.key in unfinished]
    return tuple(pending(chosen, lake.read_rows(INGESTED_FILE), None, None, unfinished))


def require_no_unfinished_replay(lake: Lake) -> None:
    """Check that no replay was interrupted, so that the clean tables hold what the ledger says.

    Raises:
        SourceIncomplete: files are left; says how many, and which command ingests them.
    """
    unfinished = unfinished_replay(lake)
    if unfinished:
        raise SourceIncomplete(
            f"a replay has {len(unfinished)} files left to read again; `activelake run`, or the same replay, finishes it"
        )
