"""Every test, in two lanes side by side: most of a run of few rows is planning, which leaves a core idle.

The first lane shows its output as it goes, the second one when both are done, so that they do not mix.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
PYTEST = (sys.executable, "-m", "pytest")
PYTEST_OF_AIRFLOW = (str(ROOT / ".venv-airflow" / "bin" / "python"), "-m", "pytest")
BESIDE = (
    "tests/cluster",
    "tests/jobs/test_ingest_of_one_source.py",
    "tests/jobs/test_quarantine.py",
    "tests/jobs/test_replay.py",
)
"""What runs in the second lane, before the tests of the DAGs; these share no lake with the others."""
SECOND = ((*PYTEST, *BESIDE), (*PYTEST_OF_AIRFLOW, "tests/dags"))


def second_lane(said: IO[bytes]) -> list[int]:
    """Exit codes of the second lane's test runs."""
    return [subprocess.run(run, cwd=ROOT, stdout=said, stderr=said, check=False).returncode for run in SECOND]


def main() -> int:
    """1 where any test failed."""
    first = (*PYTEST, *(f"--ignore={path}" for path in BESIDE))
    with tempfile.TemporaryFile() as said, ThreadPoolExecutor(1) as pool:
        others = pool.submit(second_lane, said)
        codes = [subprocess.run(first, cwd=ROOT, check=False).returncode, *others.result()]
        said.seek(0)
        sys.stdout.buffer.write(said.read())
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
