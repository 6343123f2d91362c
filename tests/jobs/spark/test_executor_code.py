"""Executors have no project of their own: what they need lies in the archive."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from jobs.spark.executor_code import code_archive


def test_a_python_that_is_elsewhere_imports_the_reading_of_records_from_the_archive(tmp_path: Path) -> None:
    text = f"import sys; sys.path.insert(0, {str(code_archive())!r}); import jobs.sources.files.records as m; print(m.__file__)"
    done = subprocess.run([sys.executable, "-c", text], cwd=tmp_path, env={}, capture_output=True, text=True)
    assert done.stdout.strip() == f"{code_archive()}/jobs/sources/files/records.py", done.stderr
