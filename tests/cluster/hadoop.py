"""A real HDFS of one node in a JVM that py4j drives: no Java source, no compiler."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyspark
from py4j.java_gateway import GatewayParameters, JavaGateway, launch_gateway

from jobs.setup.bootstrap import JARS, Jars, need_jars
from jobs.setup.java import find_java

SPARK_JARS = Path(pyspark.__file__).parent / "jars"
FOLDER = JARS / "cluster"
# Hadoop's client, logging and the rest are Spark's own.
MINI_HADOOP = Jars(
    Path(__file__).parent / "jars.sha256",
    "org.apache.hadoop:hadoop-client-minicluster:3.4.2",
    excluded="org.apache.hadoop:hadoop-client-api,org.apache.hadoop:hadoop-client-runtime",
)
HDFS = {
    "dfs.replication": "1",
    "dfs.permissions.enabled": "false",
    "dfs.namenode.fs-limits.min-block-size": "0",
}
OPTIONS = ["-Xmx768m", "-Djava.net.preferIPv4Stack=true"]


class MiniHadoop:
    """The running service; the JVM ends with this process.

    Attributes:
        uri: of the HDFS.
        hdfs: the MiniDFSCluster.
    """

    def __init__(self, folder: Path) -> None:
        java = find_java()
        assert java is not None
        need_jars(java, FOLDER, MINI_HADOOP)
        folder.mkdir()
        self._folder = folder
        log = (folder / "hadoop.log").open("wb")
        port, token, self._process = launch_gateway(
            jarpath=str(next(SPARK_JARS.glob("py4j-*.jar"))), classpath=f"{FOLDER}/*:{SPARK_JARS}/*",
            javaopts=OPTIONS, java_path=str(java / "bin" / "java"), cwd=str(folder), die_on_exit=True,
            enable_auth=True, return_proc=True, redirect_stdout=log, redirect_stderr=log,
        )  # fmt: skip
        self._jvm = JavaGateway(gateway_parameters=GatewayParameters(port=port, auth_token=token)).jvm
        self.hdfs = self._start_hdfs()
        self.uri = f"hdfs://127.0.0.1:{self.hdfs.getNameNodePort()}"

    def _configuration(self, values: dict[str, str]) -> Any:
        configuration = self._jvm.org.apache.hadoop.conf.Configuration()
        for name, value in values.items():
            configuration.set(name, value)
        return configuration

    def _start_hdfs(self) -> Any:
        builder = getattr(self._jvm.org.apache.hadoop.hdfs, "MiniDFSCluster$Builder")
        place = self._jvm.java.io.File(str(self._folder / "hdfs"))
        cluster = builder(self._configuration(HDFS), place).numDataNodes(1).build()
        cluster.waitActive()
        return cluster

    def other_client(self) -> Any:
        """A file system client that is not this process."""
        return self.hdfs.getNewFileSystemInstance(0)

    def path(self, name: str) -> Any:
        """A Hadoop path for `other_client`."""
        return self._jvm.org.apache.hadoop.fs.Path(name)

    def stop(self) -> None:
        """End the JVM."""
        self._process.kill()
        self._process.wait()
