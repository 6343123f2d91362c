"""A deployment is run from its landed files to published tables, which are then asked in SQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from conf.settings import load
from jobs.lake.select import query
from jobs.lake.tables import Lake
from jobs.pipeline.run import STAGES, run
from schemas.contract import Table


class Published:
    """A lake that one run has filled."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake

    def __call__(self, text: str) -> list[tuple[object, ...]]:
        """Rows of a SELECT over the published tables."""
        return [tuple(row.values()) for row in query(self._lake, text).to_pylist()]

    def count(self, table: Table) -> int:
        """Rows of any table."""
        return self._lake.read_rows(table).num_rows


Publish = Callable[[str, str], Published]


class Silent:
    """A progress that shows nothing."""

    def begin_stage(self, title: str) -> None:
        """Nothing is shown."""

    def step(self, text: str) -> None:
        """Nothing is shown."""


@pytest.fixture(scope="session")
def publish(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Publish:
    """Run the deployment in a folder beside this file on the files below a root."""

    def published(name: str, samples: str) -> Published:
        lake = Lake(str(tmp_path_factory.mktemp(name)))
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("ACTIVELAKE_SAMPLES", samples)
            run(load(Path(__file__).parent / name, lake.root), STAGES, None, None, Silent())
        return Published(lake)

    return published
