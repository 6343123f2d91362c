"""A real HDFS and a real YARN of one node each, in one JVM that py4j drives: no Java source, no compiler."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pyspark
from py4j.java_gateway import GatewayParameters, JavaGateway, launch_gateway

from jobs.dev.setup.bootstrap import need_jars
from jobs.spark.jars import JARS, Jars
from jobs.spark.java import find_java

SPARK_JARS = Path(pyspark.__file__).parent / "jars"
FOLDER = JARS / "cluster"
# Hadoop's client, logging and the rest are Spark's own; MiniYARNCluster lacks junit, bcpkix and the old JAXB beside them.
MINI_HADOOP = Jars(
    Path(__file__).parent / "jars.sha256",
    "org.apache.hadoop:hadoop-client-minicluster:3.4.2,junit:junit:4.13.2,"
    "org.bouncycastle:bcpkix-jdk18on:1.78.1,org.glassfish.jaxb:jaxb-runtime:2.3.9",
    excluded="org.apache.hadoop:hadoop-client-api,org.apache.hadoop:hadoop-client-runtime",
)
HDFS = {
    "dfs.replication": "1",
    "dfs.permissions.enabled": "false",
    "dfs.namenode.fs-limits.min-block-size": "0",
}
YARN = {
    "yarn.minicluster.yarn.nodemanager.resource.memory-mb": "6144",
    "yarn.nodemanager.resource.cpu-vcores": "4",
    "yarn.nodemanager.pmem-check-enabled": "false",
    "yarn.nodemanager.vmem-check-enabled": "false",
    "yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage": "99.5",
    "yarn.scheduler.minimum-allocation-mb": "256",
    "yarn.scheduler.capacity.maximum-am-resource-percent": "1.0",
    "yarn.scheduler.capacity.root.queues": "default",
    "yarn.scheduler.capacity.root.default.capacity": "100",
}
KNOWN_TO_CLIENTS = ("fs.defaultFS", "yarn.resourcemanager.address", "yarn.resourcemanager.scheduler.address")
OPTIONS = ["-Xmx768m", "-Djava.net.preferIPv4Stack=true", "--add-opens=java.base/java.lang=ALL-UNNAMED"]


class MiniHadoop:
    """The running services; the JVM ends with this process.

    Attributes:
        uri: of the HDFS.
        web_uri: of the same HDFS over HTTP.
        conf_dir: folder for HADOOP_CONF_DIR.
        hdfs: the MiniDFSCluster.
    """

    def __init__(self, folder: Path) -> None:
        java = find_java()
        assert java is not None
        os.environ["JAVA_HOME"] = str(java)  # YARN's containers inherit it
        need_jars(java, FOLDER, MINI_HADOOP)
        folder.mkdir()
        self._folder, self.conf_dir = folder, folder / "conf"
        log = (folder / "hadoop.log").open("wb")
        port, token, self._process = launch_gateway(
            jarpath=str(next(SPARK_JARS.glob("py4j-*.jar"))), classpath=f"{FOLDER}/*:{SPARK_JARS}/*",
            javaopts=OPTIONS, java_path=str(java / "bin" / "java"), cwd=str(folder), die_on_exit=True,
            enable_auth=True, return_proc=True, redirect_stdout=log, redirect_stderr=log,
        )  # fmt: skip
        self._gateway = JavaGateway(gateway_parameters=GatewayParameters(port=port, auth_token=token))
        self._jvm = self._gateway.jvm
        self.hdfs = self._start_hdfs()
        self.uri = f"hdfs://127.0.0.1:{self.hdfs.getNameNodePort()}"
        self.web_uri = f"webhdfs://127.0.0.1:{self.hdfs.getNameNode(0).getHttpAddress().getPort()}"

    def _configuration(self, values: dict[str, str], *, with_defaults: bool = True) -> Any:
        configuration = self._jvm.org.apache.hadoop.conf.Configuration(with_defaults)
        for name, value in values.items():
            configuration.set(name, value)
        return configuration

    def _start_hdfs(self) -> Any:
        self._jvm.org.apache.hadoop.hdfs.server.namenode.EditLogFileOutputStream.setShouldSkipFsyncForTesting(
            True
        )
        builder = getattr(self._jvm.org.apache.hadoop.hdfs, "MiniDFSCluster$Builder")
        place = self._jvm.java.io.File(str(self._folder / "hdfs"))
        cluster = builder(self._configuration(HDFS), place).numDataNodes(1).build()
        cluster.waitActive()
        return cluster

    def start_yarn(self) -> None:
        """Start YARN beside HDFS and write what its clients have to know to `conf_dir`."""
        yarn = self._jvm.org.apache.hadoop.yarn.server.MiniYARNCluster("mini", 1, 1, 1)
        yarn.init(self._configuration(YARN | {"fs.defaultFS": self.uri}))
        yarn.start()
        assert yarn.waitForNodeManagersToConnect(30_000)
        known = {name: yarn.getConfig().get(name) for name in KNOWN_TO_CLIENTS}
        self.conf_dir.mkdir()
        for name in ("core-site.xml", "yarn-site.xml"):
            file = self._jvm.java.io.FileOutputStream(str(self.conf_dir / name))
            self._configuration(known, with_defaults=False).writeXml(file)
            file.close()

    def other_client(self) -> Any:
        """A file system client that is not this process."""
        return self.hdfs.getNewFileSystemInstance(0)

    def path(self, name: str) -> Any:
        """A Hadoop path for `other_client`."""
        return self._jvm.org.apache.hadoop.fs.Path(name)

    def stop(self) -> None:
        """End the JVM."""
        self._gateway.shutdown()
        self._process.kill()
        self._process.wait()
