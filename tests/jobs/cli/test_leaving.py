"""A command whose work is done ends with its own exit code, whatever threads are still about."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.lakes import unpack_old_lake

TIMES = 12
THROUGH_PYTHON = """
from pathlib import Path
from deltalake import DeltaTable
from jobs.cli.main import leave
for folder in Path({lake!r}).glob("reports/*"):
    DeltaTable(folder).to_pyarrow_table()
leave(7)
"""
THROUGH_THE_LAKE = """
import sys
from jobs.lake.tables import Lake
from schemas.catalog import REPORTS
lake = Lake({lake!r}, any_format=True)
for table in REPORTS:
    lake.read_rows(table)
sys.exit(7)
"""


@pytest.mark.parametrize("script", [THROUGH_PYTHON, THROUGH_THE_LAKE], ids=["object store", "local lake"])
def test_a_process_that_has_read_tables_ends_with_its_exit_code(tmp_path: Path, script: str) -> None:
    """Without either care a quarter to a half of such processes abort."""
    text = script.format(lake=unpack_old_lake(tmp_path))
    ended = [subprocess.run([sys.executable, "-c", text], check=False).returncode for _ in range(TIMES)]
    assert ended == [7] * TIMES


def test_a_command_that_ends_by_the_librarys_way_keeps_its_code() -> None:
    command = [sys.executable, "-m", "jobs.cli.main"]
    assert subprocess.run([*command, "--help"], stdout=subprocess.PIPE, check=False).returncode == 0
    assert subprocess.run([*command, "no-such"], stderr=subprocess.PIPE, check=False).returncode == 2
