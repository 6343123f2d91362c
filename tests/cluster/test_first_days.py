"""The demo's first days run end to end on a cluster, with the lake on HDFS, and give what a run on one machine gives."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from jobs.dev.demo.shop import generate
from jobs.lake.tables import Lake
from jobs.pipeline.run import STAGES, run
from schemas.catalog import CLEAN, FACTS, REPORTS
from schemas.clean.refunds import REFUND_LINES
from tests.cluster.hadoop import SPARK_JARS, MiniHadoop
from tests.cluster.standalone import Standalone, without_project
from tests.lakes import Silent, demo_settings_of, digests

ROOT = Path(__file__).resolve().parents[2]
SEED, USERS, DAYS = 92, 80, 4
"""The smallest shop seen in which every table holds rows, refunds and late events included."""
COMPARED = (*CLEAN, *FACTS, *REPORTS)
"""Every table whose rows do not tell when and how often something ran."""
PATIENCE = 1200
"""Seconds for a run."""
ALL_FILES_ARE_LARGE = (
    "from jobs.sources.files import raw; raw._QUICK_BYTES = -1; from jobs.cli.main import main; main()"
)
"""The command line, except that the executors read every file, as they do with large ones."""
QUICK = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
SMALL = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.extraJavaOptions": QUICK,
    "spark.executor.extraJavaOptions": QUICK,
    "spark.executor.memory": "1g",
    "spark.sql.shuffle.partitions": "1",
    # To make and compile code for so few rows takes longer than they do.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.adaptive.enabled": "false",
    "spark.hadoop.dfs.client.block.write.locateFollowingBlock.initial.delay.ms": "20",
}
ON_YARN = {
    "spark.yarn.jars": f"local:{SPARK_JARS}/*",
    "spark.yarn.queue": "default",
    "spark.yarn.am.memory": "512m",
    "spark.executor.instances": "1",
    "spark.executor.cores": "2",
}
pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first_days")
    generate(folder, seed=SEED, users=USERS, days=DAYS)
    return folder


@pytest.fixture(scope="module")
def expected(landing: Path, spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the run on one machine gives."""
    settings = demo_settings_of(landing, tmp_path_factory.mktemp("one_machine"))
    run(settings, STAGES, None, None, Silent())
    lake = Lake(settings.lake)
    assert [table for table in COMPARED if not lake.count_rows(table)] == [REFUND_LINES], (
        "its refunds come whole"
    )
    return digests(lake, COMPARED)


def activelake(*arguments: str, **environment: str) -> str:
    """What a command says that ends well."""
    command = [sys.executable, "-c", ALL_FILES_ARE_LARGE, *arguments]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=without_project() | environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr[-5000:]
    return done.stdout


def run_on(master: str, lake: str, landing: Path, python: Path, options: dict[str, str], **own: str) -> None:
    """All stages, with executors on a cluster."""
    activelake(
        "--lake", lake, "run",
        ACTIVELAKE_LANDING=str(landing), ACTIVELAKE_SPARK_MASTER=master, PYSPARK_PYTHON=str(python),
        ACTIVELAKE_SPARK_DRIVER_MEMORY="1g", ACTIVELAKE_SPARK_EXTRA=json.dumps(SMALL | options), **own,
    )  # fmt: skip


@pytest.fixture
def standalone(tmp_path: Path) -> Iterator[Standalone]:
    running = Standalone(tmp_path / "standalone")
    yield running
    running.stop()


def test_on_spark_standalone_with_hdfs_every_table_equals_that_of_the_run_on_one_machine(
    expected: dict[str, str],
    landing: Path,
    hadoop: MiniHadoop,
    standalone: Standalone,
    executors_python: Path,
) -> None:
    lake = f"{hadoop.uri}/standalone/lake"
    run_on(standalone.master, lake, landing, executors_python, {})
    assert digests(Lake(lake), COMPARED) == expected
    assert (
        activelake("--lake", lake, "digest", "activity_daily").strip() == expected["reports.activity_daily"]
    )


def test_on_yarn_with_hdfs_every_table_equals_that_of_the_run_on_one_machine(
    expected: dict[str, str], landing: Path, hadoop: MiniHadoop, executors_python: Path
) -> None:
    lake = f"{hadoop.uri}/yarn/lake"
    hadoop.start_yarn()
    run_on("yarn", lake, landing, executors_python, ON_YARN, HADOOP_CONF_DIR=str(hadoop.conf_dir))
    assert digests(Lake(lake), COMPARED) == expected
