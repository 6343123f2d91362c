"""What the cluster tests share: Hadoop, and the Python of machines that do not have the project."""

from __future__ import annotations

import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.hadoop import MiniHadoop


@pytest.fixture(scope="session")
def hadoop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniHadoop]:
    running = MiniHadoop(tmp_path_factory.mktemp("mini") / "hadoop")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def executors_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the packages and without the project, as executors on other machines have it."""
    folder = tmp_path_factory.mktemp("python")
    venv.create(folder, symlinks=True)
    inside = next(folder.glob("lib/python*/site-packages"))
    (inside / "packages.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin" / "python"
