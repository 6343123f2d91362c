"""One feed's batch: raw records → clean tables, quarantine, late records and the balance."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from pyspark import StorageLevel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from conf.errors import ContractError
from conf.mapping import Delivery, Feed
from conf.settings import Settings
from jobs.clean import events, orders, users
from jobs.clean.records import typed_records
from jobs.clean.rows import balance_rows, late_rows, quarantine_rows
from jobs.lake import Lake
from schemas.clean.activity import EVENTS, LATE_EVENT, QUARANTINE
from schemas.clean.commerce import ORDER_LINES, ORDERS, REFUNDS
from schemas.clean.people import USERS
from schemas.contract import Table


@dataclass(frozen=True)
class Batch:
    """What one feed gets in one run.

    Attributes:
        raw: rows of the input's raw table.
        source: `mapping.feed`.
        duplicate_files: files whose content was ingested under another name.
        history_start: first day that is counted; None where nothing is too early.
    """

    lake: Lake
    settings: Settings
    source: str
    feed: Feed
    delivery: Delivery
    zone: str
    raw: DataFrame
    duplicate_files: frozenset[str]
    history_start: date | None

    @property
    def where(self) -> str:
        """Place of the feed in its mapping, for messages."""
        mapping, name = self.source.split(".", 1)
        return f"sources/{mapping}.yml: feeds.{name}"

    @property
    def lateness(self) -> int:
        """Allowed days between a fact and its arrival."""
        return self.settings.allowed_lateness_days


def ingest_feed(batch: Batch, run_id: str, lines_in: dict[str, int]) -> list[dict[str, object]]:
    """Bring a batch into the clean tables and return its balance.

    A batch that a run left half done may be done again: rows that these files brought before are taken out first.

    Raises:
        ContractError: the balance does not hold.
    """
    _take_out(batch, sorted(lines_in))
    mapped = typed_records(batch.raw, batch.feed, batch.delivery, batch.settings, batch.zone, batch.where)
    records = _with_duplicate_files(mapped, batch.duplicate_files if _is_of_facts(batch.feed) else ())
    # A checkpoint and no cache: Spark computes a cached frame anew once a table that it reads is written,
    # and then finds this very batch among the known records.
    judged = _JUDGE[batch.feed.kind](batch, records).localCheckpoint()
    balance = balance_rows(judged, batch.source, run_id)
    _must_hold(batch.source, balance, lines_in)
    outcomes = {row["outcome"] for row in balance}
    if "accepted" in outcomes:
        _WRITE[batch.feed.kind](batch, judged)
    if "quarantined" in outcomes:
        batch.lake.append(QUARANTINE, quarantine_rows(judged, batch.source, batch.feed))
    if "late" in outcomes:
        batch.lake.append(LATE_EVENT, late_rows(judged, batch.source, batch.feed))
    batch.lake.spark.catalog.clearCache()
    return balance


def _must_hold(source: str, balance: list[dict[str, object]], lines_in: dict[str, int]) -> None:
    sums: dict[str, int] = dict.fromkeys(lines_in, 0)
    for row in balance:
        sums[str(row["file"])] += int(str(row["records"]))
    for file, lines in lines_in.items():
        if sums[file] != lines:
            raise ContractError(
                f"{source}: {file}: {lines} records in, {sums[file]} accounted for; nothing goes on"
            )


def _is_of_facts(feed: Feed) -> bool:
    """States and snapshots may return to what they were; facts do not happen twice."""
    return feed.kind in ("activity", "refunds") or feed.grain == "line"


def _with_duplicate_files(records: DataFrame, files: Iterable[str]) -> DataFrame:
    if not files:
        return records
    again = F.col("file").isin(sorted(files))
    return records.withColumns(
        {
            "outcome": F.when(again, "duplicate").otherwise(F.col("outcome")),
            "reason": F.when(again, "duplicate_file").otherwise(F.col("reason")),
        }
    )


def _take_out(batch: Batch, files: list[str]) -> None:
    """Remove what these files brought in a run that died before its ledger was written."""
    own = F.col("source").eqNullSafe(batch.source) & F.col("file").isin(files)
    for table in (*_TABLES[batch.feed.kind], QUARANTINE, LATE_EVENT):
        if batch.lake.exists(table) and not batch.lake.read(table).where(own).isEmpty():
            batch.lake.overwrite(table, batch.lake.read(table).where(~own))


def _known_events(batch: Batch, records: DataFrame) -> DataFrame | None:
    """Keys accepted before, on the event dates of the batch."""
    if batch.feed.key.position or not batch.lake.exists(EVENTS):
        return None
    records.persist(StorageLevel.MEMORY_AND_DISK)
    span = records.where("outcome IS NULL").agg(F.min("event_date"), F.max("event_date")).collect()[0]
    if span[0] is None:
        return None
    known = batch.lake.read(EVENTS).where(F.col("event_date").between(span[0], span[1]))
    return known.select(F.col("event_id").alias("record_key"))


def _known_keys(batch: Batch, table: Table, key: str) -> DataFrame | None:
    if not batch.lake.exists(table):
        return None
    return batch.lake.read(table).select(F.col(key).alias("record_key")).distinct()


def _judge_activity(batch: Batch, records: DataFrame) -> DataFrame:
    known = _known_events(batch, records)
    return events.judge(records, batch.feed, known, batch.history_start, batch.lateness)


def _judge_orders(batch: Batch, records: DataFrame) -> DataFrame:
    if batch.feed.grain == "line":
        known = _known_keys(batch, ORDER_LINES, "line_id")
        return orders.judge_single(records, batch.feed, known, "order_date", batch.lateness)
    states = None
    if batch.lake.exists(ORDERS):
        columns = F.col("order_id").alias("record_key"), F.col("updated_at").alias("known_updated_at")
        states = batch.lake.read(ORDERS).select(*columns)
    return orders.judge_states(records, states, batch.lateness)


def _judge_refunds(batch: Batch, records: DataFrame) -> DataFrame:
    known = _known_keys(batch, REFUNDS, "refund_id") if batch.feed.grain == "order" else None
    return orders.judge_single(records, batch.feed, known, "refund_date", batch.lateness)


def _judge_users(batch: Batch, records: DataFrame) -> DataFrame:
    known = batch.lake.read(USERS).where("valid_to IS NULL") if batch.lake.exists(USERS) else None
    return users.judge(records, known, batch.delivery.is_whole)


def _write_events(batch: Batch, judged: DataFrame) -> None:
    batch.lake.append(EVENTS, events.event_rows(judged, batch.source, batch.feed, batch.where))


def _write_orders(batch: Batch, judged: DataFrame) -> None:
    lake, zone = batch.lake, batch.settings.business_zone
    if batch.feed.grain == "line":
        lake.append(ORDER_LINES, orders.line_rows(judged, batch.source))
        touched = judged.where("outcome = 'accepted'").select("order_id").distinct()
        lines = lake.read(ORDER_LINES).join(touched, "order_id", "left_semi")
        lake.merge(ORDERS, orders.orders_of_lines(lines, zone))
        return
    rows = orders.order_rows(judged, batch.source)
    lake.merge(ORDERS, rows)
    if batch.feed.lines is not None:
        lines = orders.nested_lines(rows, batch.feed, batch.zone, batch.where)
        if lake.exists(ORDER_LINES):
            kept = lake.read(ORDER_LINES).join(rows.select("order_id"), "order_id", "left_anti")
            columns = list(ORDER_LINES.names)
            lines = lines.select(*columns).unionByName(kept.select(*columns))
        lake.overwrite(ORDER_LINES, lines)


def _write_refunds(batch: Batch, judged: DataFrame) -> None:
    batch.lake.merge(REFUNDS, orders.refund_rows(judged, batch.source, batch.feed))


def _write_users(batch: Batch, judged: DataFrame) -> None:
    known = batch.lake.read(USERS)
    batch.lake.overwrite(USERS, users.intervals(judged, batch.source, known))


_JUDGE: dict[str, Callable[[Batch, DataFrame], DataFrame]] = {
    "activity": _judge_activity,
    "orders": _judge_orders,
    "refunds": _judge_refunds,
    "users": _judge_users,
}
_WRITE: dict[str, Callable[[Batch, DataFrame], None]] = {
    "activity": _write_events,
    "orders": _write_orders,
    "refunds": _write_refunds,
    "users": _write_users,
}
_TABLES: dict[str, tuple[Table, ...]] = {
    "activity": (EVENTS,),
    "orders": (ORDERS, ORDER_LINES),
    "refunds": (REFUNDS,),
    "users": (USERS,),
}
