"""Every test, in three lanes side by side: a run of few rows is planning on one core, a scheduler's day is waiting.

The first lane shows its output as it goes, the others when all are done, so that they do not mix.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTEST = (sys.executable, "-m", "pytest")
PYTEST_OF_AIRFLOW = (str(ROOT / ".venv-airflow" / "bin" / "python"), "-m", "pytest")
AT_SIZE = (
    "tests/cluster",
    "tests/jobs/dev/demo",
    "tests/jobs/dev/scaffold",
    "tests/notebooks",
    "tests/properties",
    "tests/samples",
)
"""What runs in a session as it is for logs of some size, where plans adapt; all else runs as for a few rows. Scaffolds
need no session."""
FEW_ROWS = (*PYTEST, "--bytes-to-read=0")
AFTER_THE_DAGS = (
    "tests/jobs/pipeline/test_backfill.py",
    "tests/jobs/pipeline/test_replay.py",
    "tests/jobs/pipeline/test_replay_deaths.py",
)
"""What makes the lanes equally long."""
FIRST = (*FEW_ROWS, *(f"--ignore={path}" for path in (*AT_SIZE, *AFTER_THE_DAGS)))
OTHERS = (((*PYTEST, *AT_SIZE),), ((*PYTEST_OF_AIRFLOW, "tests/dags"), (*FEW_ROWS, *AFTER_THE_DAGS)))


def lane(runs: tuple[tuple[str, ...], ...]) -> tuple[int, bytes]:
    """1 where one of the test runs failed, and what they said."""
    with tempfile.TemporaryFile() as said:
        codes = [
            subprocess.run(run, cwd=ROOT, stdout=said, stderr=said, check=False).returncode for run in runs
        ]
        said.seek(0)
        return int(any(codes)), said.read()


def main() -> int:
    """1 where any test failed."""
    with ThreadPoolExecutor(len(OTHERS)) as pool:
        others = pool.map(lane, OTHERS)
        codes = [subprocess.run(FIRST, cwd=ROOT, check=False).returncode]
        for code, said in others:
            codes.append(code)
            sys.stdout.buffer.write(said)
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
