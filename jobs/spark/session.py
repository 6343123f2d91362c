"""The only place where a SparkSession is made."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import delta.exceptions  # noqa: F401  so that a lost race comes as delta's own exception
import pyspark.logger.worker_io  # noqa: F401  this and the next: what pyspark would import while it starts
import pyspark.testing.utils  # noqa: F401
from pyspark import SparkConf, SparkContext
from pyspark.java_gateway import launch_gateway
from pyspark.logger import PySparkLogger
from pyspark.sql import SparkSession

from conf.errors import ConfigError
from conf.spark import SparkSettings
from jobs.spark import log as spark_log
from jobs.spark.class_archive import archive_options
from jobs.spark.executor_code import code_archive
from jobs.spark.jars import jar_folder, wanted_jars
from jobs.spark.java import find_java

QUIET = Path(__file__).resolve().parent / "log4j2.properties"
_CHOSEN = Path(__file__).resolve().parent / "compiler.json"

_OPTIONS = {
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.databricks.delta.snapshotPartitions": "1",
    "spark.databricks.delta.schema.autoMerge.enabled": "false",
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "2000",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


_HUGE = "-XX:-DontCompileHugeMethods"
"""By default the JVM never compiles methods above 8,000 bytes of bytecode, but interprets them. Code that Spark generates
for a stage with many columns is larger than that."""
_THROUGHPUT = "-XX:+UseParallelGC -XX:ReservedCodeCacheSize=256m"
_QUICK = (
    "-XX:+UseSerialGC -XX:NewRatio=1 -XX:ReservedCodeCacheSize=512m "
    f"-XX:+UnlockDiagnosticVMOptions -XX:CompilerDirectivesFile={_CHOSEN} "
    "-XX:Tier4InvocationThreshold=1000 -XX:Tier4MinInvocationThreshold=200 -XX:Tier4CompileThreshold=3000 "
    "-XX:Tier4BackEdgeThreshold=10000"
)
"""Tuning of a short run, which ends before the JVM's second, optimizing compiler (C2) has paid for itself.

compiler.json lets C2 compile only the methods that every row passes through, where code of the first compiler (C1) needs
several native calls per copied string. The low Tier4 thresholds make all other methods learn early that C2 is not for
them: until then they count their calls. The code cache is large, because in a small one Spark's generated code evicts
itself."""
FEW_BYTES = 4 << 20
"""Adaptive execution is off below this many bytes: there the jobs that it adds cost more than they save."""
BULK_BYTES = 64 << 20
"""From this many bytes of landed files and stored events on, a run is long enough for C2 and for the parallel collector."""


_STARTING = Lock()


def _nothing() -> None:
    pass


def open_session(
    settings: SparkSettings, bytes_to_read: int = 0, meanwhile: Callable[[], None] = _nothing
) -> SparkSession:
    """A session with Delta, in UTC, on the deployment's master; a process has one, which whoever asks later gets too.

    Args:
        bytes_to_read: size of the landed and stored events that the run will read, by which a local session is tuned.
        meanwhile: what is done while Spark starts, in a thread. It may import: the start itself imports nothing, and
            Python cannot import one package from two threads safely.

    Raises:
        ConfigError: no supported JDK is found, or the JARs are missing.
    """
    java = find_java()
    if java is None:
        raise ConfigError("no JDK 17 or 21 found: sudo apt-get install -y openjdk-17-jre-headless")
    os.environ["JAVA_HOME"] = str(java)
    _choose_python(settings)
    conf = SparkConf().setAppName("activelake").setMaster(settings.master)
    conf.setAll(list(options_of(settings, java, bytes_to_read).items()))
    with _STARTING, ThreadPoolExecutor(1) as beside:
        done = beside.submit(meanwhile)
        _start_quietly(conf)
        session = SparkSession.builder.config(conf=conf).getOrCreate()
        done.result()
    if not settings.is_local:
        session.sparkContext.addPyFile(str(code_archive()))
    return session


def _choose_python(settings: SparkSettings) -> None:
    """This very Python, except that executors on other machines may have theirs elsewhere: PYSPARK_PYTHON."""
    os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    if settings.is_local or not os.environ.get("PYSPARK_PYTHON"):
        os.environ["PYSPARK_PYTHON"] = sys.executable


def _start_quietly(conf: SparkConf) -> None:
    """Start the JVM with its output in a file: what matters of it comes back as an exception."""
    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
        PySparkLogger.getLogger(name).disabled = True
    if SparkContext._gateway is None:
        with spark_log.path().open("ab") as log:
            gateway = launch_gateway(conf, {"stdout": log, "stderr": log})
        SparkContext(conf=conf, gateway=gateway)


def jar_paths() -> list[str]:
    """The Delta JARs, from the project's folder or from ACTIVELAKE_JARS.

    Raises:
        ConfigError: one of them is missing.
    """
    paths = [jar_folder() / name for name in wanted_jars()]
    for path in paths:
        if not path.exists():
            raise ConfigError(f"{path}: no such file; `make setup` brings it")
    return [str(path) for path in paths]


def options_of(settings: SparkSettings, java: Path, bytes_to_read: int) -> dict[str, str]:
    """Every option of the session, those of the deployment above all; local mode listens on loopback only."""
    return _OPTIONS | _place(settings, java, bytes_to_read) | settings.extra


def _place(settings: SparkSettings, java: Path, bytes_to_read: int) -> dict[str, str]:
    """What depends on where Spark runs, and in local mode on how much it reads."""
    jars = jar_paths()
    every = f"-Duser.timezone=UTC {_HUGE}"
    quiet = f"{every} -Dlog4j2.configurationFile={QUIET.as_uri()}"
    options = {
        "spark.driver.memory": settings.driver_memory,
        "spark.sql.shuffle.partitions": str(settings.shuffle_partitions),
        "spark.driver.extraClassPath": os.pathsep.join(jars),
    }
    if not settings.is_local:
        return options | {
            "spark.jars": ",".join(jars),
            "spark.driver.defaultJavaOptions": quiet,
            "spark.executor.defaultJavaOptions": every,
        }
    tuned = (
        _THROUGHPUT
        if bytes_to_read >= BULK_BYTES
        else f"{_QUICK} {archive_options(jar_folder(), java, jars)}"
    )
    return options | {
        "spark.driver.defaultJavaOptions": f"{quiet} {tuned}",
        "spark.sql.adaptive.enabled": str(bytes_to_read >= FEW_BYTES).lower(),
        # The checksummed local file system starts six processes for every file that it writes.
        "spark.hadoop.fs.file.impl": "org.apache.hadoop.fs.RawLocalFileSystem",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
    }
