"""A lake of format 0 as the first version of the program wrote it: the demo shop, 30 users, 4 days, all stages."""

from __future__ import annotations

import tarfile
from pathlib import Path

ARCHIVE = Path(__file__).parent / "jobs" / "migrate" / "lake_0.tar.xz"


def unpack_old_lake(folder: Path) -> str:
    """Root of a fresh copy of the lake."""
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder / "lake", filter="data")
    return str(folder / "lake")
