"""What a user sees when something fails: lines in plain words, the exit code, and never a stack trace of Java."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from conf import errors
from jobs.cli.errors import STOPPED, explained
from jobs.spark import log as spark_log

Capture = pytest.CaptureFixture[str]


def _raising(error: BaseException) -> Callable[[], None]:
    def command() -> None:
        raise error

    return command


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.ActiveLakeError, 1),
        (errors.ConfigError, 2),
        (errors.SourceIncomplete, 3),
        (errors.ContractError, 4),
        (errors.GateFailed, 5),
        (errors.Locked, 6),
        (errors.Conflict, 7),
    ],
)
def test_each_kind_of_failure_has_its_exit_code_and_its_own_words(
    capsys: Capture, kind: type[Exception], code: int
) -> None:
    assert explained(_raising(kind("shop.yml, line 3: zone: no zone")), debug=False) == code
    assert capsys.readouterr().err == "error: shop.yml, line 3: zone: no zone\n"


def test_debug_shows_the_trace_and_keeps_the_exit_code(capsys: Capture) -> None:
    assert explained(_raising(errors.Locked("held")), debug=True) == 6
    shown = capsys.readouterr().err
    assert shown.startswith("Traceback (most recent call last):")
    assert shown.endswith("error: held\n")


def test_a_command_that_its_user_stops_says_so(capsys: Capture) -> None:
    assert explained(_raising(KeyboardInterrupt()), debug=False) == STOPPED
    assert capsys.readouterr().err == "stopped\n"


def test_a_command_that_succeeds_is_zero(capsys: Capture) -> None:
    assert explained(lambda: None, debug=False) == 0
    assert capsys.readouterr().err == ""


def _poison(spark: SparkSession, folder: Path) -> None:
    spark.createDataFrame([("x",)], "a string").select(F.expr("cast(a as int)")).collect()


def _broken_file(spark: SparkSession, folder: Path) -> None:
    (folder / "broken.parquet").write_bytes(b"PAR1 and no more")
    spark.read.parquet(str(folder)).collect()


def _sad_worker(spark: SparkSession, folder: Path) -> None:
    def sad(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        raise ValueError("the worker is sad")
        yield from batches

    spark.range(1).mapInArrow(sad, "id long").collect()


@pytest.mark.parametrize(
    ("fail", "message"),
    [
        (_poison, "[CAST_INVALID_INPUT] The value 'x' of the type"),
        (_broken_file, "broken.parquet is not a Parquet file"),
        (_sad_worker, "ValueError: the worker is sad"),
    ],
)
def test_a_failure_inside_spark_is_two_lines_and_no_stack_of_java(
    spark: SparkSession,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    fail: Callable[[SparkSession, Path], None],
    message: str,
) -> None:
    assert explained(lambda: fail(spark, tmp_path), debug=False) == 1
    first, second = capfd.readouterr().err.splitlines()
    assert first.startswith("error: ") and message in first
    assert second == f"--debug shows the stack trace; Spark's own log is {spark_log.path()}"
    assert "at org.apache.spark" in spark_log.path().read_text()
