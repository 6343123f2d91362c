"""The reports of the three events, built once."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from tests.jobs.reports.three_events import built
from tests.oracle.activity import Row


@pytest.fixture(scope="session")
def reports(spark: SparkSession) -> dict[str, list[Row]]:
    return built(spark)
