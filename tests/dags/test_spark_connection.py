"""Where Spark runs comes from an Airflow connection; nothing is guessed when it is missing or odd."""

from __future__ import annotations

import json
from typing import Any

import pytest
from airflow.sdk import BaseHook, Connection
from airflow.sdk.exceptions import AirflowNotFoundException

from conf.errors import ConfigError
from dags.factory.spark import spark_environment


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> dict[str, Connection]:
    connections: dict[str, Connection] = {}

    def get(name: str) -> Connection:
        if name not in connections:
            raise AirflowNotFoundException(name)
        return connections[name]

    monkeypatch.setattr(BaseHook, "get_connection", get)
    return connections


def spark(host: str, port: int | None = None, **extra: Any) -> Connection:
    return Connection(
        conn_id="activelake_spark", conn_type="generic", host=host, port=port, extra=json.dumps(extra)
    )


def test_without_the_connection_the_settings_say_where_spark_runs(connections: dict[str, Connection]) -> None:
    assert spark_environment(None) == {}


def test_a_named_connection_that_is_missing_is_an_error(connections: dict[str, Connection]) -> None:
    with pytest.raises(ConfigError, match="connection spark_prod: not defined in Airflow"):
        spark_environment("spark_prod")


@pytest.mark.parametrize(
    ("host", "port", "master"),
    [
        ("yarn", None, "yarn"),
        ("local[2]", None, "local[2]"),
        ("spark://master", 7077, "spark://master:7077"),
        ("master", 7077, "spark://master:7077"),
        ("localhost", 7077, "spark://localhost:7077"),
        ("yarn-rm.example", 7077, "spark://yarn-rm.example:7077"),
        ("local", None, "local"),
        ("k8s://https://api", 6443, "k8s://https://api:6443"),
    ],
)
def test_the_master_is_host_and_port(
    connections: dict[str, Connection], host: str, port: int | None, master: str
) -> None:
    connections["activelake_spark"] = spark(host, port)
    assert spark_environment(None) == {"ACTIVELAKE_SPARK_MASTER": master}


def test_queue_memory_and_settings_go_along(connections: dict[str, Connection]) -> None:
    connections["activelake_spark"] = spark(
        "yarn",
        queue="etl",
        conf={"spark.executor.memory": "2g"},
        **{"driver-memory": "3g", "deploy-mode": "client"},
    )
    assert spark_environment(None) == {
        "ACTIVELAKE_SPARK_MASTER": "yarn",
        "ACTIVELAKE_SPARK_DRIVER_MEMORY": "3g",
        "ACTIVELAKE_SPARK_EXTRA": '{"spark.executor.memory": "2g", "spark.yarn.queue": "etl"}',
    }


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ({"deploy-mode": "cluster"}, "extra.deploy-mode: 'cluster': only client is possible"),
        ({"queu": "etl"}, "extra.queu: not known"),
    ],
)
def test_what_client_mode_cannot_do_and_what_is_misspelt_is_an_error(
    connections: dict[str, Connection], extra: dict[str, str], message: str
) -> None:
    connections["activelake_spark"] = spark("yarn", **extra)
    with pytest.raises(ConfigError, match=message):
        spark_environment(None)
