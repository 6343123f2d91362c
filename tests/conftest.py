"""One Spark session and one small demo lake per test run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from conf.settings import Settings
from conf.spark import SparkSettings
from jobs.dev.demo.shop import generate
from jobs.lake.tables import Lake
from jobs.pipeline.run import STAGES, run
from jobs.spark.session import FEW_BYTES, open_session
from tests.lakes import DEMO_DAYS, DEMO_SEED, DEMO_USERS, Silent, demo_settings_of


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--bytes-to-read",
        type=int,
        default=FEW_BYTES,
        help="size of what the session is tuned for, whatever is read",
    )


@pytest.fixture(scope="session")
def spark(pytestconfig: pytest.Config) -> Iterator[SparkSession]:
    # Hundreds of runs in one session: with Spark's own 100 entries each would compile the same code anew.
    remembered = {"spark.sql.codegen.cache.maxEntries": "5000"}
    session = open_session(
        SparkSettings(master="local[2]", driver_memory="2g", shuffle_partitions=2, extra=remembered),
        pytestconfig.getoption("--bytes-to-read"),
    )
    yield session
    session.stop()


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "lake"), spark)


@pytest.fixture(scope="session")
def demo_landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("landing")
    generate(folder, seed=DEMO_SEED, users=DEMO_USERS, days=DEMO_DAYS)
    return folder


@pytest.fixture(scope="session")
def demo_settings(demo_landing: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return demo_settings_of(demo_landing, tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def demo_lake(spark: SparkSession, demo_settings: Settings) -> Lake:
    """The demo shop, all stages; tests may run it again and stage frames, but leave what is published as it is."""
    run(demo_settings, STAGES, None, None, Silent())
    return Lake(demo_settings.lake)
