"""Orders and refunds whose records are lines: what one comes to is the sum of all its lines, whichever run brought them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from conf.mapping import Delivery, Feed
from conf.settings import load
from jobs.clean.batch import Batch, Part
from jobs.clean.feed import ingest_batch
from jobs.lake.tables import Lake
from schemas.kinds import KINDS
from schemas.raw.records import raw_table

DAY = date(2026, 3, 9)
FIRST = (("l1", "x1", "5.00"), ("l2", "x1", "2.00"), ("l3", "x2", "1.00"))
SECOND = (("l2", "x1", "2.00"), ("l4", "x1", "0.50"), ("l5", "x3", "4.00"))


class Till:
    """A feed of lines: file by file into a lake."""

    def __init__(self, lake: Lake, kind: str, folder: Path) -> None:
        self.sums, self.lines = KINDS[kind].tables
        self._settings = load(None, str(folder))
        self._lake = lake
        columns = {self.sums.key[0]: "of", "amount": "amount", str(KINDS[kind].instant): "at"}
        given = {"kind": kind, "input": "log", "grain": "line", "key": {"column": "id"}, "columns": columns}
        self._feed = Feed.model_validate(given)

    def bring(self, file: str, lines: tuple[tuple[str, str, str], ...], *, again: bool = False) -> list[str]:
        """Outcomes of a file's lines (id, order or refund, amount), counted."""
        names = raw_table("till.log").names
        rows = []
        for position, line in enumerate(lines, 1):
            fields = dict(zip(("id", "of", "amount"), line, strict=True)) | {"at": "2026-03-09T10:00:00Z"}
            own: dict[str, Any] = {
                "input": "till.log", "file": file, "position": position, "landing_date": DAY, "fields": fields,
                "content_hash": str(position),
            }  # fmt: skip
            rows.append(tuple(own.get(name) for name in names))
        part = Part(
            "till.log", self._feed, Delivery(calendar="daily"), "UTC",
            self._lake.spark.createDataFrame(rows, raw_table("till.log").ddl), {file: len(rows)}, frozenset(), None,
            frozenset({file} if again else ()),
        )  # fmt: skip
        judged = ingest_batch(Batch(self._lake, self._settings, (part,)), "run")
        return sorted(f"{row['records']} {row['outcome']}" for row in judged.balance)

    def amounts(self) -> dict[str, Decimal]:
        """Order or refund → what it came to."""
        return {row[self.sums.key[0]]: row["amount"] for row in self._lake.read_rows(self.sums).to_pylist()}

    def line_ids(self) -> list[str]:
        return sorted(self._lake.read_rows(self.lines)["line_id"].to_pylist())


def test_lines_add_up_over_runs_and_a_run_that_died_leaves_none_behind(
    spark: SparkSession, lake: Lake, tmp_path: Path
) -> None:
    till = Till(lake, "refunds", tmp_path)
    assert till.bring("a", FIRST) == ["3 accepted"]
    assert till.amounts() == {"x1": Decimal("7.00"), "x2": Decimal("1.00")}
    assert till.bring("b", SECOND) == ["1 duplicate", "2 accepted"]
    assert till.amounts() == {"x1": Decimal("7.50"), "x2": Decimal("1.00"), "x3": Decimal("4.00")}
    assert till.line_ids() == ["l1", "l2", "l3", "l4", "l5"]
    assert till.bring("b", (("l6", "x2", "0.25"),), again=True) == ["1 accepted"]
    assert till.amounts() == {"x1": Decimal("7.00"), "x2": Decimal("1.25")}
    assert till.line_ids() == ["l1", "l2", "l3", "l6"]
