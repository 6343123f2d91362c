"""Hadoop's file system through Spark's JVM: what Delta's API does not tell at little cost, and a lease."""

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
    """The file system of a URI and its Path in it."""
    jvm = _jvm(spark)
    path = jvm.org.apache.hadoop.fs.Path(uri)
    return path.getFileSystem(jvm.org.apache.spark.SparkContext.getOrCreate().hadoopConfiguration()), path


def _jvm(spark: SparkSession) -> Any:
    # PySpark has no public way to its JVM, and Hadoop's file system has no other way into Python than libhdfs, which
    # comes with Hadoop and not with Spark. What is called there are public classes of Hadoop and Spark.
    return spark.sparkContext._jvm  # noqa: SLF001


def newest_version(spark: SparkSession, uri: str) -> int | None:
    """Version of the Delta table at a URI, which is the highest number in its log; None where there is no table."""
    files, log = _file_system(spark, f"{uri}/_delta_log")
    if not files.exists(log):
        return None
    jvm = _jvm(spark)
    paths = jvm.org.apache.hadoop.fs.FileUtil.stat2Paths(files.listStatus(log))
    listed = jvm.org.apache.commons.lang3.ArrayUtils.toString(paths)  # one call, however many files
    return max((int(version) for version in re.findall(r"/(\d{20})\.json\b", listed)), default=None)


def remove_folder(spark: SparkSession, uri: str) -> None:
    """Remove a folder and what it holds."""
    files, folder = _file_system(spark, uri)
    files.delete(folder, True)


@contextmanager
def lease(spark: SparkSession, uri: str) -> Iterator[None]:
    """Keep a file open for writing: HDFS lets one client do so, and frees it a minute after the client has died.

    The file stays empty, so that nothing has to be recovered when its writer dies.

    Raises:
        Locked: another client holds it; names the client's address.
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
