"""Of several JDKs the supported one is picked."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.spark.jars import wrong_jars
from jobs.spark.java import find_java, major_version


def _jdk(folder: Path, version: str) -> Path:
    java = folder / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-04-15' >&2\n")
    java.chmod(0o755)
    return folder


@pytest.mark.parametrize(
    ("version", "major"), [("17.0.15", 17), ("21.0.8", 21), ("25.0.2", 25), ("1.8.0_412", 1)]
)
def test_the_major_version_is_read_from_what_java_says(tmp_path: Path, version: str, major: int) -> None:
    assert major_version(_jdk(tmp_path / "jdk", version)) == major


def test_a_newer_jdk_is_passed_over(tmp_path: Path) -> None:
    newest, good = _jdk(tmp_path / "25", "25.0.3"), _jdk(tmp_path / "21", "21.0.8")
    assert find_java([newest, tmp_path / "none", good]) == good


def test_without_a_supported_jdk_there_is_none(tmp_path: Path) -> None:
    assert find_java([_jdk(tmp_path / "25", "25.0.3"), tmp_path]) is None


def test_a_jar_that_is_not_the_expected_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "delta-storage-4.4.0.jar").write_bytes(b"something else")
    assert wrong_jars(tmp_path) == ["delta-spark_4.1_2.13-4.4.0.jar", "delta-storage-4.4.0.jar"]
