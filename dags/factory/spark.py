"""Where Spark runs, from an Airflow connection: client mode, on local, standalone or YARN masters."""

from __future__ import annotations

import json
import re
from typing import Any

from airflow.sdk import BaseHook, Connection
from airflow.sdk.exceptions import AirflowNotFoundException

from conf.errors import ConfigError
from conf.spark import LOCAL

DEFAULT_CONNECTION = "activelake_spark"
_MASTER = re.compile(rf"yarn|{LOCAL}|(spark|k8s)://.*")
_SUPPORTED = {"queue", "deploy-mode", "conf", "driver-memory"}


def spark_environment(name: str | None) -> dict[str, str]:
    """Variables for the command line: master, memory and settings of the connection.

    Args:
        name: connection that must exist; None for `activelake_spark`, if it exists.

    Raises:
        ConfigError: the named connection is missing, or says what client mode cannot do.
    """
    try:
        connection = BaseHook.get_connection(name or DEFAULT_CONNECTION)
    except AirflowNotFoundException as error:
        if name is None:
            return {}
        raise ConfigError(f"connection {name}: not defined in Airflow (schedule.spark_connection)") from error
    return _variables(connection, f"connection {name or DEFAULT_CONNECTION}")


def _variables(connection: Connection, where: str) -> dict[str, str]:
    extra: dict[str, Any] = connection.extra_dejson
    unknown = sorted(set(extra) - _SUPPORTED)
    if unknown:
        raise ConfigError(
            f"{where}: extra.{unknown[0]}: not known; there are {', '.join(sorted(_SUPPORTED))}"
        )
    if extra.get("deploy-mode", "client") != "client":
        raise ConfigError(f"{where}: extra.deploy-mode: {extra['deploy-mode']!r}: only client is possible")
    settings = {str(key): str(value) for key, value in dict(extra.get("conf") or {}).items()}
    if extra.get("queue"):
        settings["spark.yarn.queue"] = str(extra["queue"])
    variables = {"ACTIVELAKE_SPARK_MASTER": _master(connection, where)}
    if extra.get("driver-memory"):
        variables["ACTIVELAKE_SPARK_DRIVER_MEMORY"] = str(extra["driver-memory"])
    if settings:
        variables["ACTIVELAKE_SPARK_EXTRA"] = json.dumps(settings, sort_keys=True)
    return variables


def _master(connection: Connection, where: str) -> str:
    """The master's address; a connection given as a URI has lost its `spark://`."""
    host = connection.host or ""
    if not host:
        raise ConfigError(f"{where}: host: missing; it is Spark's master, such as yarn or spark://host")
    address = f"{host}:{connection.port}" if connection.port else host
    return address if _MASTER.fullmatch(address) else f"spark://{address}"
