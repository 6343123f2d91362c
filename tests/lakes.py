"""Lakes that several tests look at: the small demo shop, and one that the first version of the program wrote."""

from __future__ import annotations

import sys
import tarfile
from collections.abc import Iterable
from pathlib import Path

from conf.operation import HookSettings
from conf.settings import Settings, load
from jobs.lake.tables import Lake
from jobs.publish.digest import table_digest
from schemas.catalog import CLEAN, REPORTS
from schemas.contract import Table
from schemas.reports.freshness import FRESHNESS

DEMO_DAYS, DEMO_USERS, DEMO_SEED = 12, 250, 3
DIGESTED = (*CLEAN, *(table for table in REPORTS if table is not FRESHNESS))
"""Tables whose rows do not tell how often something ran; freshness holds Delta versions, which count publications."""
ARCHIVE = Path(__file__).parent / "jobs" / "upkeep" / "lake_0.tar.xz"


class Silent:
    """A progress that shows nothing."""

    def begin_stage(self, title: str) -> None:
        """Nothing is shown."""

    def step(self, text: str) -> None:
        """Nothing is shown."""


def demo_settings_of(landing: Path, lake: Path) -> Settings:
    """The shipped deployment, with the demo shop's landing files in a folder of its own and a hook that notes down."""
    loaded = load(None, str(lake))
    sources = {
        name: mapping.model_copy(update={"root": str(landing)}) for name, mapping in loaded.sources.items()
    }
    note = f"import sys; open({str(lake / 'told')!r}, 'a').write(sys.stdin.read())"
    hook = HookSettings(command=(sys.executable, "-c", note))
    return loaded.model_copy(update={"sources": sources, "hook": hook})


def digests(lake: Lake, tables: Iterable[Table] = DIGESTED) -> dict[str, str]:
    """Canonical digest of every one of the tables that was written, of its rows as they lie there."""
    return {table.name: table_digest(lake, table) for table in tables if lake.exists(table)}


def unpack_old_lake(folder: Path) -> str:
    """Root of a fresh copy of a lake of format 0: the demo shop, 30 users, 4 days, all stages."""
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder / "lake", filter="data")
    return str(folder / "lake")
