"""One HDFS for all cluster tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cluster.hadoop import MiniHadoop


@pytest.fixture(scope="session")
def hadoop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniHadoop]:
    running = MiniHadoop(tmp_path_factory.mktemp("mini") / "hadoop")
    yield running
    running.stop()
