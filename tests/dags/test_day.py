"""A business day of the demo shop, for real, without a scheduler."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path


def test_a_day_of_the_demo_goes_from_landed_files_to_published_tables(
    checkout: Path, first_days: Path
) -> None:
    where = "scope_type = 'all' and activity_date >= '2026-03-05'"
    command = [str(checkout), "--lake", str(first_days), "show", "activity_daily", "--where", where]
    done = subprocess.run([*command, "--format", "json"], capture_output=True, text=True, check=True)
    days = {row["activity_date"]: row["dau"] for row in json.loads(done.stdout)}
    assert sorted(days) == ["2026-03-05", "2026-03-06"] and min(days.values()) > 0
    assert (first_days / "page" / "index.html").stat().st_size > 0
