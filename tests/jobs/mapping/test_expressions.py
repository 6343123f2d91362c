"""Mapping expressions: what is allowed, what is refused, what is executed."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from conf.errors import ConfigError
from jobs.mapping.expressions import compile_expression, references


@pytest.mark.parametrize(
    "text",
    [
        "rand()",
        "current_date()",
        "reflect('java.lang.System', 'exit', 1)",
        "java_method('java.lang.Runtime', 'getRuntime')",
        "(select 1)",
        "a in (select b from c)",
        "other.column",
        "*",
        "a; drop table b",
        "input_file_name()",
        "transform(a, x -> x)",
        "",
    ],
)
def test_what_is_not_on_the_list_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(ConfigError, match="sources/x.yml: feeds.y"):
        compile_expression(text, "sources/x.yml: feeds.y")


def test_an_expression_reads_the_columns_that_it_names() -> None:
    assert references("case when a = 'x' then b else c end") == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("quantity * price", "5.00000000"),
        ("-(quantity * price)", "-5.00000000"),
        ("poison * price", None),
        ("cast(poison as int)", None),
        ("quantity / zero", None),
        ("poison > 5", None),
        ("quantity > 1", "true"),
        ("empty is null", "true"),
        ("startswith(code, 'C')", "true"),
        ("case when code like 'C%' then 'credit' end", "credit"),
        ("concat(code, '-', quantity)", "C1-2"),
    ],
)
def test_a_poison_value_gives_null_and_never_a_failed_job(
    spark: SparkSession, text: str, expected: str | None
) -> None:
    fields = {"quantity": "2", "price": "2.5", "poison": "oops", "zero": "0", "empty": "", "code": "C1"}
    frame = spark.createDataFrame([(fields,)], "fields map<string,string>")
    row = frame.select(F.expr(compile_expression(text, "here")).cast("string").alias("value")).collect()[0]
    assert row["value"] == expected
