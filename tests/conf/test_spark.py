"""Where Spark runs, from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from conf.errors import ConfigError
from conf.settings import load
from conf.spark import SparkSettings
from jobs.spark.java import find_java
from jobs.spark.session import BULK_BYTES, FEW_BYTES, options_of


def test_extra_settings_of_the_environment_lie_over_those_of_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "settings.yml").write_text(
        'spark: {master: yarn, extra: {spark.yarn.queue: day, spark.executor.instances: "2"}}'
    )
    monkeypatch.setenv("ACTIVELAKE_SPARK_EXTRA", '{"spark.yarn.queue": "night"}')
    spark = load(tmp_path, lake="/x").spark
    assert (spark.master, spark.extra) == (
        "yarn",
        {"spark.yarn.queue": "night", "spark.executor.instances": "2"},
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("spark.yarn.queue=night", "ACTIVELAKE_SPARK_EXTRA: no JSON"),
        ('["spark.yarn.queue"]', "ACTIVELAKE_SPARK_EXTRA: must be a JSON object of texts"),
        ('{"spark.executor.instances": 2}', "ACTIVELAKE_SPARK_EXTRA: must be a JSON object of texts"),
        ('{"spark.sql.ansi.enabled": "false"}', "spark.sql.ansi.enabled: refused"),
    ],
)
def test_extra_settings_that_are_no_texts_or_do_harm_are_refused(
    monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    monkeypatch.setenv("ACTIVELAKE_SPARK_EXTRA", text)
    with pytest.raises(ConfigError, match=message):
        load(lake="/x")


@pytest.mark.parametrize(
    ("master", "on_driver"),
    [
        ("yarn", "local[*]"),
        ("spark://m:7077", "local[*]"),
        ("local-cluster[2,1,1024]", "local[*]"),
        ("local[2]", "local[2]"),
        ("local", "local"),
    ],
)
def test_on_the_driver_there_are_no_executors(master: str, on_driver: str) -> None:
    settings = SparkSettings(master=master, driver_memory="3g", extra={"spark.yarn.queue": "night"})
    assert settings.on_driver() == settings.model_copy(update={"master": on_driver})


@pytest.mark.parametrize(
    ("master", "bytes_to_read", "adaptive", "is_quick"),
    [
        ("local[2]", FEW_BYTES - 1, "false", True),
        ("local[2]", FEW_BYTES, "true", True),
        ("local[2]", BULK_BYTES, "true", False),
        ("yarn", 0, None, False),
    ],
)
def test_how_much_is_read_tunes_a_local_session(
    master: str, bytes_to_read: int, adaptive: str | None, is_quick: bool
) -> None:
    java = find_java()
    assert java is not None
    options = options_of(SparkSettings(master=master), java, bytes_to_read)
    assert options.get("spark.sql.adaptive.enabled") == adaptive
    assert ("-XX:CompilerDirectivesFile=" in options["spark.driver.defaultJavaOptions"]) == is_quick


def test_what_a_deployment_says_of_a_session_is_above_its_tuning() -> None:
    java = find_java()
    assert java is not None
    settings = SparkSettings(master="local[2]", extra={"spark.sql.adaptive.enabled": "true"})
    assert options_of(settings, java, 0)["spark.sql.adaptive.enabled"] == "true"


def test_landed_files_at_a_uri_are_refused_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIVELAKE_LANDING", "hdfs://name/landing")
    settings = load(lake="/x")
    with pytest.raises(
        ConfigError, match=r"demo\.yml, line 2: root: hdfs://name/landing: .*a URI cannot be read"
    ):
        settings.root_of("demo")
