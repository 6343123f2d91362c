"""Hadoop's file system through Spark's JVM: cheap look-ups that Delta's API lacks, and a lease as a lock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from conf.errors import Locked

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_HELD = ("AlreadyBeingCreatedException", "RecoveryInProgressException", "FileAlreadyExistsException")


def _file_system(spark: SparkSession, uri: str) -> tuple[Any, Any]:
    """Hadoop's FileSystem for a URI, and the URI as Hadoop's Path."""
    spark_context = spark.sparkContext
    assert spark_context._jvm is not None
    path = spark_context._jvm.org.apache.hadoop.fs.Path(uri)
    return path.getFileSystem(spark_context._jsc.hadoopConfiguration()), path


def newest_version(spark: SparkSession, uri: str) -> int | None:
    """Version of the Delta table at a URI, which is the highest number in its log; None if there is no table."""
    files, log = _file_system(spark, f"{uri}/_delta_log")
    if not files.exists(log):
        return None
    jvm = spark.sparkContext._jvm
    assert jvm is not None
    paths = jvm.org.apache.hadoop.fs.FileUtil.stat2Paths(files.listStatus(log))
    listed = jvm.org.apache.commons.lang3.ArrayUtils.toString(
        paths
    )  # one call to the JVM, however many files
    return max((int(version) for version in re.findall(r"/(\d{20})\.json\b", listed)), default=None)


def remove_folder(spark: SparkSession, uri: str) -> None:
    """Remove a folder with everything in it."""
    files, folder = _file_system(spark, uri)
    files.delete(folder, True)


@contextmanager
def lease(spark: SparkSession, uri: str) -> Iterator[None]:
    """Hold a lock by keeping a file open for writing.

    HDFS lets only one client do so, and releases the file a minute after that client has died. Nothing is ever written
    to the file, so that HDFS has no block to recover when its writer dies.

    Raises:
        Locked: another client holds the lock; names the client's address.
    """
    from py4j.protocol import Py4JJavaError

    files, path = _file_system(spark, uri)
    try:
        files.createNewFile(path)
        held = files.append(path)
    except Py4JJavaError as error:
        if not any(name in error.java_exception.toString() for name in _HELD):
            raise
        reason = error.java_exception.getMessage()
        raise Locked(
            f"{uri}: another run holds the lake, or died within the last minute: {reason}"
        ) from error
    try:
        yield
    finally:
        held.close()
