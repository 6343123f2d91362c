"""Spark's own cluster on loopback: a master and a worker from the pip package."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from pathlib import Path

import pyspark

from tests.ports import free_port

SPARK_HOME = Path(pyspark.__file__).parent
OWN = {"SPARK_HOME": str(SPARK_HOME), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m"}


class Standalone:
    """The running master and worker.

    Attributes:
        master: its `spark://` URI.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder, self._processes = folder, list[subprocess.Popen[bytes]]()
        port = free_port()
        self.master = f"spark://127.0.0.1:{port}"
        self._start("master.Master", "--port", str(port))
        _wait_for(port, 60)
        self._start("worker.Worker", "--cores", "2", "--memory", "1g", "--work-dir", str(folder), self.master)

    def _start(self, name: str, *arguments: str) -> None:
        command = [str(SPARK_HOME / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}"]
        with (self._folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [*command, "--host", "127.0.0.1", "--webui-port", "0", *arguments],
                env=without_project() | OWN,
                stdout=log,
                stderr=log,
            )
        self._processes.append(process)

    def stop(self) -> None:
        """End both, the worker first."""
        for process in reversed(self._processes):
            process.terminate()
            process.wait(30)


def without_project() -> dict[str, str]:
    """The environment of a machine that does not have the project."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def _wait_for(port: int, seconds: float) -> None:
    give_up = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.2)
