"""The figures of a profile are those of Great Expectations on Spark itself, on the same frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import great_expectations as gx
import pandas as pd
import pyarrow as pa
import pytest
from great_expectations.core import ExpectationSuite
from great_expectations.datasource.fluent.interfaces import Batch
from pyspark.sql import DataFrame, SparkSession

from jobs.check.profile import profile, wide
from jobs.lake.arrow import to_arrow
from jobs.lake.queries import by_duckdb, by_spark
from schemas.clean.refunds import REFUNDS
from schemas.columns import COLUMNS
from schemas.contract import Table, pick
from schemas.metrics.activity import EXPOSURES
from schemas.metrics.declaration import as_column

DAY, NEXT = date(2026, 3, 1), date(2026, 3, 2)
TABLE = Table(
    name="facts.sample",
    grain="One row per user and day.",
    key=("event_date", "user_id"),
    columns=(
        *pick(COLUMNS, "event_date user_id scope_type is_bot? event_at amount? other_scopes"),
        as_column(EXPOSURES),
    ),
    owner="data-platform",
    day="event_date",
    metric_columns=("exposures",),
)
Answer = Callable[[str], pa.Table]
Rows = list[tuple[Any, ...]]
Engine = Callable[[Table, Rows], Answer]
AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ROWS = [
    (DAY, "u1", "all", True, AT, "10.25", 9, 4),
    (DAY, "u1", "scene", None, AT, "0.75", 10, 0),  # the key again
    (DAY, "u2", "bogus", False, AT, None, 2, -1),  # not in the list, and negative
    (NEXT, "u1", "all", False, AT, "3.00", 1, 5),
]


def _frame(spark: SparkSession, rows: Rows, table: Table = TABLE) -> DataFrame:
    exact = [
        tuple(
            Decimal(value) if name == "amount" and value else value
            for name, value in zip(table.names, row, strict=True)
        )
        for row in rows
    ]
    return spark.createDataFrame(exact, table.ddl)


def _of_spark(spark: SparkSession, table: Table, rows: Rows) -> Answer:
    return partial(by_spark, rows=_frame(spark, rows, table))


def _of_duckdb(spark: SparkSession, table: Table, rows: Rows) -> Answer:
    return partial(by_duckdb, rows=to_arrow(table, _frame(spark, rows, table).toArrow()))


@pytest.fixture(params=[_of_spark, _of_duckdb], ids=["spark", "duckdb"])
def engine(request: pytest.FixtureRequest, spark: SparkSession) -> Engine:
    """A table and its rows → what answers queries about them."""
    return partial(request.param, spark)


@pytest.fixture(scope="module")
def batch(spark: SparkSession) -> Iterator[Batch]:
    context = gx.get_context(mode="ephemeral")
    asset = context.data_sources.add_spark("spark").add_dataframe_asset("sample")
    yield asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": _frame(spark, ROWS)})


def _of_great_expectations(batch: Batch, kind: str, **arguments: Any) -> dict[str, Any]:
    suite = ExpectationSuite(name="one", expectations=[{"type": kind, "kwargs": arguments}])
    result = batch.validate(suite, result_format="BASIC").results[0]
    assert not result.exception_info.get("raised_exception")
    return dict(result.result)


def _figures(engine: Engine) -> dict[str, dict[str, Any]]:
    rows = profile(TABLE, (DAY, NEXT), 35, engine(TABLE, ROWS))
    return {row["column_name"]: row for row in rows if row["profile_date"] is None}


def test_rows_nulls_limits_and_lists_are_those_of_great_expectations(engine: Engine, batch: Batch) -> None:
    found = _figures(engine)
    assert list(found) == list(TABLE.names)
    rows = _of_great_expectations(batch, "expect_table_row_count_to_equal", value=0)["observed_value"]
    assert {one["row_count"] for one in found.values()} == {rows} == {4}
    for column in TABLE.names:
        nulls = _of_great_expectations(batch, "expect_column_values_to_not_be_null", column=column)
        assert found[column]["null_count"] == nulls["unexpected_count"], column
    allowed = list(TABLE.column("scope_type").allowed)
    listed = _of_great_expectations(
        batch, "expect_column_values_to_be_in_set", column="scope_type", value_set=allowed
    )
    assert found["scope_type"]["outside_count"] == listed["unexpected_count"] == 1
    limited = _of_great_expectations(
        batch, "expect_column_values_to_be_between", column="exposures", min_value=0
    )
    assert found["exposures"]["outside_count"] == limited["unexpected_count"] == 1


def test_smallest_largest_and_sum_are_those_of_great_expectations(engine: Engine, batch: Batch) -> None:
    found = _figures(engine)
    for column in ("event_date", "amount", "other_scopes", "exposures"):
        for end in ("min", "max"):
            kind = f"expect_column_{end}_to_be_between"
            observed = _of_great_expectations(batch, kind, column=column)["observed_value"]
            value = str if column == "event_date" else Decimal
            assert value(found[column][f"{end}_value"]) == value(str(observed)), (column, end)
    assert (found["other_scopes"]["min_value"], found["other_scopes"]["max_value"]) == ("1", "10")
    summed = _of_great_expectations(batch, "expect_column_sum_to_be_between", column="amount")[
        "observed_value"
    ]
    assert found["amount"]["sum_value"] == Decimal(str(summed)) == Decimal("14.00")
    assert found["event_at"]["max_value"] == "2026-03-01 09:30:00"


def test_different_values_and_repeated_keys_are_those_of_great_expectations(
    engine: Engine, batch: Batch
) -> None:
    found = _figures(engine)
    flags = _of_great_expectations(batch, "expect_column_unique_value_count_to_be_between", column="is_bot",
                                   min_value=0)["observed_value"]  # fmt: skip
    assert found["is_bot"]["distinct_count"] == flags == 2
    keys = _of_great_expectations(batch, "expect_compound_columns_to_be_unique", column_list=list(TABLE.key))
    assert keys["unexpected_count"] == 2, "both rows of the pair"
    assert {one["key_duplicates"] for one in found.values()} == {1}, "the row beyond the first"


def test_figures_are_told_per_day_and_without_personal_values(engine: Engine) -> None:
    rows = profile(TABLE, (DAY, NEXT), 35, engine(TABLE, ROWS))
    frame = wide(pd.DataFrame(rows))
    assert frame[
        ["profile_date", "row_count", "key_duplicates", "scope_type.outside_count"]
    ].values.tolist() == [
        [None, 4, 1, 1],
        [DAY, 3, 1, 1],
        [NEXT, 1, 0, 0],
    ]
    assert {(row["min_value"], row["max_value"]) for row in rows if row["column_name"] == "user_id"} == {
        (None, None)
    }


def test_a_table_without_rows_has_a_profile_that_says_so(engine: Engine) -> None:
    rows = profile(TABLE, (DAY, NEXT), 35, engine(TABLE, []))
    assert [(r["column_name"], r["profile_date"], r["row_count"], r["null_count"]) for r in rows] == [
        (name, None, 0, 0) for name in TABLE.names
    ]


def test_rows_of_other_days_are_left_out_and_rows_without_a_day_are_not(engine: Engine) -> None:
    undated = replace(TABLE, columns=(*pick(COLUMNS, "event_date?"),), key=("event_date",), metric_columns=())
    rows = [(DAY,), (NEXT,), (None,)]
    found = profile(undated, (NEXT, NEXT), 35, engine(undated, rows))
    assert sorted((str(row["profile_date"]), row["row_count"]) for row in found) == [
        ("2026-03-02", 1),
        ("None", 2),
    ]


def test_a_key_of_a_fact_is_repeated_only_soon_after_it_landed(engine: Engine) -> None:
    def refund(key: str, event_day: date, landed: date) -> tuple[Any, ...]:
        values = {"refund_id": key, "amount": "1.00", "refunded_at": AT, "refund_date": event_day,
                  "arrival_date": landed, "source": "shop.refunds", "file": "f", "position": 1}  # fmt: skip
        return tuple(values.get(name) for name in REFUNDS.names)

    def after(days: int) -> date:
        return NEXT + timedelta(days=days)

    rows = [
        refund("free again", NEXT, NEXT), refund("free again", after(36), after(36)),
        refund("too soon", NEXT, NEXT), refund("too soon", after(35), after(35)),
        refund("thrice", after(36), NEXT), refund("thrice", after(36), after(1)), refund("thrice", after(36), after(37)),
        refund("long ago", DAY, DAY), refund("long ago", DAY, DAY), refund("once", after(36), after(36)),
    ]  # fmt: skip
    found = wide(pd.DataFrame(profile(REFUNDS, (after(35), after(36)), 35, engine(REFUNDS, rows))))
    figures = found[["profile_date", "row_count", "key_duplicates"]].values.tolist()
    assert sorted(figures, key=str) == [[None, 6, 2], [after(35), 1, 1], [after(36), 5, 1]]
