"""Several files of one arrival day tell of the same user: the last one by name counts, in one run or in several."""

from __future__ import annotations

from datetime import date
from functools import reduce

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs.clean.natures.snapshot import attributes, intervals, judge_rows
from jobs.spark.local_relation import frame_of
from schemas.clean.users import USERS
from schemas.kinds import KINDS

GRAIN = KINDS["users"].grain(None)
FIRST, SECOND, THIRD = (date(2026, 3, day) for day in (1, 2, 3))
FILES = {
    "1": [("u1", "silver"), ("u2", "silver")],
    "2a": [("u1", "gold"), ("u2", "gold"), ("u3", "gold")],
    "2b": [("u1", "silver"), ("u2", "bronze"), ("u3", "gold")],
    "3": [("u1", "silver"), ("u2", "bronze"), ("u3", "silver")],
}
DAYS = {"1": FIRST, "2": SECOND, "3": THIRD}


def _records(spark: SparkSession, files: tuple[str, ...]) -> DataFrame:
    rows = [
        (user, level, DAYS[file[0]], file, position)
        for file in files
        for position, (user, level) in enumerate(FILES[file], 1)
    ]
    given = frame_of(
        spark, rows, "record_key string, member_level string, arrival_date date, file string, position bigint"
    )
    typed = {
        c.name: c.type for c in USERS.columns if c.name in attributes(GRAIN) and c.name != "member_level"
    }
    absent = {name: F.lit(None).cast(kind) for name, kind in typed.items()}
    judged = {name: F.lit(None).cast("string") for name in ("outcome", "reason")}
    return given.withColumns({**absent, **judged, "source": F.lit("shop.users")})


def _after(spark: SparkSession, batches: tuple[tuple[str, ...], ...]) -> list[tuple[object, ...]]:
    """Rows of clean.users after the batches of files: user, level, from, to, file."""

    def bring(known: DataFrame, files: tuple[str, ...]) -> DataFrame:
        judged = judge_rows(_records(spark, files), known.where("valid_to IS NULL"), GRAIN, is_whole=False)
        return intervals(judged, known, GRAIN).localCheckpoint()

    found = reduce(bring, batches, frame_of(spark, [], USERS.ddl))
    names = ("user_id", "member_level", "valid_from", "valid_to", "file")
    return [tuple(row) for row in found.select(*names).orderBy("user_id", "valid_from").collect()]


@pytest.mark.parametrize(
    "batches",
    [(("1", "2a", "2b", "3"),), (("1",), ("2a",), ("2b",), ("3",)), (("1", "2a"), ("2b", "3"))],
    ids=["all at once", "file by file", "in two runs"],
)
def test_the_last_file_of_a_day_says_what_holds_from_that_day_on(
    spark: SparkSession, batches: tuple[tuple[str, ...], ...]
) -> None:
    assert _after(spark, batches) == [
        ("u1", "silver", FIRST, None, "1"),
        ("u2", "silver", FIRST, FIRST, "1"),
        ("u2", "bronze", SECOND, None, "2b"),
        ("u3", "gold", SECOND, SECOND, "2b"),
        ("u3", "silver", THIRD, None, "3"),
    ]


def test_a_file_that_comes_after_one_of_a_later_name_changes_nothing_that_this_one_said(
    spark: SparkSession,
) -> None:
    assert _after(spark, (("2b",), ("2a",))) == [
        ("u1", "silver", SECOND, None, "2b"),
        ("u2", "bronze", SECOND, None, "2b"),
        ("u3", "gold", SECOND, None, "2b"),
    ]
