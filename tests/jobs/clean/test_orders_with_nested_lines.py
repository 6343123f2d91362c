"""The lines nested in an order are judged with it: an order with a line that cannot be read is refused as a whole."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from conf.mapping import Delivery, Feed
from conf.settings import load
from jobs.clean.nested_lines import lines_as_text, nested_line_rows
from jobs.clean.records import typed_records
from jobs.mapping.kinds import grain_of
from schemas.raw.records import raw_table

FEED = Feed.model_validate(
    {
        "kind": "orders",
        "input": "log",
        "key": {"column": "id"},
        "columns": {"amount": "total", "paid_at": "at"},
        "lines": {
            "column": "items",
            "columns": {
                "line_id": "no",
                "item_id": {"column": "sku", "codes": {"i1": "apple"}},
                "merchant_id": {"constant": "it's"},
                "quantity": "n",
                "unit_price": "list",
                "amount": {"expression": "n * price"},
            },
        },
    }
)
# text of the array → why the order is refused
FAULTS: dict[str | None, str | None] = {
    '[{"sku":"i1","n":"2","price":1.25},{"sku":"i2","n":1,"price":"3"}]': None,
    '[{"no":"7","n":1,"price":1},{"no":"6","n":1,"price":1}]': None,
    "[]": None,
    " ": None,
    None: None,
    '[{"n":1,"price":1},{"n":1}]': "lines[2].amount: missing_required",
    '[{"n":1,"price":1},null]': "lines[2].amount: missing_required",
    '[{"n":"1","price":1e30}]': "lines[1].amount: missing_required",
    '[{"n":1,"price":1e13},{"n":"1e4","price":1e13}]': "lines[2].amount: out_of_range",
    '[{"n":1,"price":1,"list":"free"}]': "lines[1].unit_price: type_mismatch",
    '[{"no":"2","n":1,"price":1},{"n":1,"price":1}]': "lines[2].line_id: duplicate_key",
    '[{"n":1,"price":1},{"n":': "lines: malformed",
    '{"n":1,"price":1}': "lines: malformed",
    "2 apples": "lines: malformed",
}


def test_an_order_is_refused_with_the_number_of_the_line_and_its_fault(
    spark: SparkSession, tmp_path: Path
) -> None:
    day = date(2026, 3, 9)
    rows = []
    for number, text in enumerate(FAULTS, 1):
        fields = {"id": f"o{number}", "total": "5.50", "at": "2026-03-09T10:00:00Z", "items": text}
        rows.append(("shop.log", "f", number, day, "as received", None, fields, None, "hash"))
    raw = spark.createDataFrame(rows, raw_table("shop.log").ddl)
    settings = load(None, str(tmp_path))
    typed = typed_records(raw, "shop.orders", FEED, Delivery(calendar="daily"), settings, "UTC").persist()
    found = {row["position"]: row["detail"] for row in typed.collect()}
    assert [found[number] for number in sorted(found)] == list(FAULTS.values())
    refused = {row["position"]: row["reason"] for row in typed.where("outcome = 'quarantined'").collect()}
    assert set(refused.values()) == {
        "missing_required", "type_mismatch", "out_of_range", "duplicate_key", "malformed",
    }  # fmt: skip
    assert len(refused) == 9
    accepted = typed.where("outcome IS NULL").withColumn("order_id", F.col("record_key"))
    accepted = accepted.withColumn("nested_lines", lines_as_text())
    names = ("order_id", "line_id", "item_id", "merchant_id", "quantity", "unit_price", "amount")
    lines = nested_line_rows(accepted, grain_of(FEED)).orderBy("position", "line_id").collect()
    assert [tuple(row[name] for name in names) for row in lines] == [
        ("o1", "1", "apple", "it's", Decimal("2.000"), None, Decimal("2.50")),
        ("o1", "2", None, "it's", Decimal("1.000"), None, Decimal("3.00")),
        ("o2", "6", None, "it's", Decimal("1.000"), None, Decimal("1.00")),
        ("o2", "7", None, "it's", Decimal("1.000"), None, Decimal("1.00")),
    ]
