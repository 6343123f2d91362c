"""From a record's text to a contract column: times, numbers, codes, expressions, all in one Spark job."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from conf.mapping import Rule
from jobs.mapping.rules import source_text, typed
from schemas.contract import Column

ZONE = "Europe/Berlin"
MORNING, QUARTER = datetime(2026, 3, 1, 1), datetime(2026, 3, 2, 1, 0, 0, 250_000)
BAD = "bad_time"

# (type, rule of column x, text of x, value, fault)
CASES: list[tuple[str, dict[str, Any], str, Any, str | None]] = [
    ("timestamp", {"time": "iso"}, "2026-03-01T01:00:00Z", MORNING, None),
    ("timestamp", {"time": "iso"}, "2026-03-02T09:00:00.250+08:00", QUARTER, None),
    ("timestamp", {"time": "iso"}, "2026-03-02 09:00:00.250000+0800", QUARTER, None),
    ("timestamp", {"time": "iso"}, "2026-03-02 09:00:00.25 +08", QUARTER, None),
    ("timestamp", {"time": "iso"}, "2026-03-01T02:00:00", MORNING, None),
    ("timestamp", {}, " 2026-03-01 02:00 ", MORNING, None),
    ("timestamp", {"time": "iso", "zone": "Asia/Shanghai"}, "2026-03-01 09:00:00", MORNING, None),
    ("timestamp", {"time": "iso", "zone": "Asia/Shanghai"}, "2026-03-01", datetime(2026, 2, 28, 16), None),
    ("timestamp", {"zone": "America/New_York"}, "2026-03-08 02:30:00", datetime(2026, 3, 8, 7, 30), None),
    ("timestamp", {"zone": "America/New_York"}, "2026-11-01 01:30:00", datetime(2026, 11, 1, 5, 30), None),
    ("timestamp", {"time": "iso"}, "2026-02-30T01:00:00Z", None, BAD),
    ("timestamp", {"time": "iso"}, "2026-03-01 01:00:00 Asia/Shanghai", None, BAD),
    ("timestamp", {"time": "iso"}, "1772326800", None, BAD),
    ("timestamp", {"time": "iso"}, "yesterday", None, BAD),
    ("timestamp", {"time": "dd/MM/yyyy HH:mm:ss,SSS"}, "02/03/2026 02:00:00,250", QUARTER, None),
    ("timestamp", {"time": "dd/MMM/yyyy:HH:mm:ss Z"}, "01/Mar/2026:09:00:00 +0800", MORNING, None),
    ("timestamp", {"time": "yyyy-MM-dd'T'HH:mm:ss'Z'"}, "2026-03-01T01:00:00Z", MORNING, None),
    ("timestamp", {"time": "yyyy-MM-dd HH:mm z"}, "2026-02-28 20:00 EST", MORNING, None),
    ("timestamp", {"time": "yyyy-MM-dd HH:mm VV"}, "2026-03-01 09:00 Asia/Shanghai", MORNING, None),
    ("timestamp", {"time": "'am 'dd.MM.yyyy' um 'HH:mm' xZ'"}, "am 01.03.2026 um 02:00 xZ", MORNING, None),
    ("timestamp", {"time": "yyyyMMdd", "zone": "UTC"}, "20260301", datetime(2026, 3, 1), None),
    ("timestamp", {"time": "dd/MM/yyyy"}, "31/02/2026", None, BAD),
    ("timestamp", {"time": "epoch_s"}, "1772326800", MORNING, None),
    ("timestamp", {"time": "epoch_s"}, "1772413200.25", QUARTER, None),
    ("timestamp", {"time": "epoch_s"}, "1.7723268E9", MORNING, None),
    ("timestamp", {"time": "epoch_s"}, "-1", datetime(1969, 12, 31, 23, 59, 59), None),
    ("timestamp", {"time": "epoch_ms"}, "1772413200250", QUARTER, None),
    ("timestamp", {"time": "epoch_us"}, "1772413200250000", QUARTER, None),
    ("timestamp", {"time": "epoch_s"}, "1772413200250000", None, BAD),
    ("timestamp", {"time": "epoch_us"}, "9" * 30, None, BAD),
    ("timestamp", {"time": "epoch_ms"}, "2026-03-01", None, BAD),
    ("string", {}, "  首页 ", "首页", None),
    ("string", {}, "", None, "missing_required"),
    ("string", {}, "   ", None, "missing_required"),
    ("string", {"codes": {"p1": "home", "p2": "search"}}, "p2", "search", None),
    ("string", {"codes": {"p1": "home"}}, "p9", None, "missing_required"),
    ("int", {}, "7", 7, None),
    ("int", {}, "7.9", None, "out_of_range"),
    ("int", {}, "9223372036854775808", None, "out_of_range"),
    ("int", {}, "oops", None, "type_mismatch"),
    ("boolean", {}, "Yes", True, None),
    ("boolean", {}, "0", False, None),
    ("boolean", {}, "maybe", None, "type_mismatch"),
]
EXPRESSIONS = [
    ("case when x = 'click' then 'coupon' end", "click", "coupon"),
    ("case when x = 'click' then 'coupon' end", "view", None),
    ("if(x in ('u3', 'u4'), concat('ch', 'at'), null)", "u3", "chat"),
    ("nullif(x, '-')", "-", None),
    ("regexp_extract(x, '/scene/([a-z]+)', 1)", "/scene/home?id=1", "home"),
    ("split_part(x, ':', 2)", "tool:coupon", "coupon"),
]


def _values(spark: SparkSession) -> list[tuple[Any, str | None]]:
    """Value and fault of each case, every case a column of one row."""
    made = [Rule.model_validate({"column": f"x{n}"} | rule) for n, (_, rule, *_) in enumerate(CASES)]
    fields = {f"x{n}": case[2] for n, case in enumerate(CASES)}
    texts = spark.createDataFrame([(fields,)], "fields map<string,string>").select(
        *(F.expr(source_text(rule, "here")).alias(f"t{n}") for n, rule in enumerate(made))
    )
    found = [
        typed(
            F.col(f"t{n}"), rule, Column(f"v{n}", CASES[n][0], "A column of the case."), ZONE, required=True
        )
        for n, rule in enumerate(made)
    ]
    values = texts.withColumns({f"v{n}": one.value for n, one in enumerate(found)})
    shown = [
        F.col(f"v{n}").cast("timestamp_ntz") if case[0] == "timestamp" else F.col(f"v{n}")
        for n, case in enumerate(CASES)
    ]
    row = values.select(*shown, *(one.fault for one in found)).collect()[0]
    return list(zip(row[: len(CASES)], row[len(CASES) :], strict=True))


def test_every_text_gives_its_value_or_its_fault(spark: SparkSession) -> None:
    found = _values(spark)
    wrong = [(case, got) for case, got in zip(CASES, found, strict=True) if got != (case[3], case[4])]
    assert wrong == []


@pytest.mark.parametrize("constant", ["view", 7, True])
def test_a_constant_is_the_same_in_every_record(spark: SparkSession, constant: str | int | bool) -> None:
    made = Rule(constant=constant)
    row = spark.range(1).select(F.expr(source_text(made, "here")).alias("value")).collect()[0]
    assert row["value"] == str(constant).lower()


def test_expressions_give_codes_and_null_where_there_is_none(spark: SparkSession) -> None:
    columns = [
        F.expr(source_text(Rule(expression=re.sub(r"\bx\b", f"x{n}", text)), "here")).alias(f"v{n}")
        for n, (text, _, _) in enumerate(EXPRESSIONS)
    ]
    fields = {f"x{n}": value for n, (_, value, _) in enumerate(EXPRESSIONS)}
    row = spark.createDataFrame([(fields,)], "fields map<string,string>").select(*columns).collect()[0]
    assert list(row) == [expected for _, _, expected in EXPRESSIONS]
