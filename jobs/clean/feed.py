"""A batch of one kind of feed: raw records → clean tables, the refused and late records, and the balance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from conf.errors import ContractError
from conf.mapping import Delivery, Feed
from conf.settings import Settings
from jobs.clean import activity, orders, users
from jobs.clean.records import DAY_OF, slim, typed_records
from jobs.clean.refused import balance_rows, late_rows, quarantine_rows
from jobs.lake.lock import guard
from jobs.lake.tables import Lake
from schemas.clean.activity import EVENTS
from schemas.clean.orders import ORDER_LINES, ORDERS
from schemas.clean.refunds import REFUND_LINES, REFUNDS
from schemas.clean.refused import LATE_EVENT, QUARANTINE
from schemas.clean.users import USERS
from schemas.contract import Table


@dataclass(frozen=True)
class Part:
    """What one feed gets in one run.

    Attributes:
        source: `mapping.feed`.
        raw: rows of the input's raw table.
        zone: zone of times without an offset.
        lines_in: records per file.
        duplicate_files: files whose content was ingested under another name.
        history_start: first day that is counted; None where nothing is too early.
        again: files that an earlier run began with and did not finish.
    """

    source: str
    feed: Feed
    delivery: Delivery
    zone: str
    raw: DataFrame
    lines_in: dict[str, int]
    duplicate_files: frozenset[str]
    history_start: date | None
    again: frozenset[str]


@dataclass(frozen=True)
class Batch:
    """Parts that are judged together: all activity of a run, since an event may come twice by two feeds."""

    lake: Lake
    settings: Settings
    kind: str
    parts: tuple[Part, ...]

    @property
    def part(self) -> Part:
        """The only part of a batch of another kind than activity."""
        (only,) = self.parts
        return only


@dataclass(frozen=True)
class Judged:
    """What a batch came to, besides what it brought to the clean tables.

    Attributes:
        balance: rows of ops.ingest_balance.
        quarantine: rows of clean.quarantine; None where there are none.
        late: rows of clean.late_event; None where there are none.
    """

    balance: list[dict[str, object]]
    quarantine: DataFrame | None
    late: DataFrame | None


def ingest_batch(batch: Batch, run_id: str) -> Judged:
    """Bring a batch into the clean tables.

    A batch that a run left half done may be done again: rows that these files brought before are taken out first.

    Raises:
        ContractError: the balance does not hold.
    """
    for part in batch.parts:
        _take_out(batch, part)
    records = reduce(lambda a, b: a.unionByName(b), (_typed(batch, part) for part in batch.parts))
    # A checkpoint and no cache: Spark computes a cached frame anew once a table that it reads is written,
    # and then finds this very batch among the known records.
    judged = _JUDGE[batch.kind](batch, records).localCheckpoint()
    balance = balance_rows(judged, run_id)
    _must_hold(batch, balance)
    outcomes = {row["outcome"] for row in balance}
    if "accepted" in outcomes:
        _WRITE[batch.kind](batch, judged)
    return Judged(
        balance,
        quarantine_rows(judged) if "quarantined" in outcomes else None,
        late_rows(judged, DAY_OF[batch.kind]) if "late" in outcomes else None,
    )


def _typed(batch: Batch, part: Part) -> DataFrame:
    typed = typed_records(part.raw, part.source, part.feed, part.delivery, batch.settings, part.zone)
    if part.duplicate_files and _is_of_facts(part.feed):
        again = F.col("file").isin(sorted(part.duplicate_files))
        typed = typed.withColumns(
            {
                "outcome": F.when(again, "duplicate").otherwise(F.col("outcome")),
                "reason": F.when(again, "duplicate_file").otherwise(F.col("reason")),
            }
        )
    if batch.kind == "activity":
        start = part.history_start
        early = F.col("event_date") < F.lit(start) if start is not None else F.lit(False)
        typed = typed.withColumn("is_early", F.coalesce(early, F.lit(False)))
    return slim(typed, batch.settings.allowed_lateness_days, part.feed)


def _is_of_facts(feed: Feed) -> bool:
    """States and snapshots may return to what they were; facts do not happen twice."""
    return feed.kind in ("activity", "refunds") or feed.grain == "line"


def _must_hold(batch: Batch, balance: list[dict[str, object]]) -> None:
    sums = {(part.source, file): 0 for part in batch.parts for file in part.lines_in}
    for row in balance:
        sums[str(row["source"]), str(row["file"])] += int(str(row["records"]))
    for part in batch.parts:
        for file, lines in part.lines_in.items():
            found = sums[part.source, file]
            if found != lines:
                raise ContractError(
                    f"{part.source}: {file}: {lines} records in, {found} accounted for; nothing goes on"
                )


def _take_out(batch: Batch, part: Part) -> None:
    """Remove what these files brought in a run that died before its ledger was written."""
    if not part.again:
        return
    own = F.col("source").eqNullSafe(part.source) & F.col("file").isin(sorted(part.again))
    if part.feed.grain == "line":
        _sum_without(batch, own)
    for table in (*TABLES_OF[part.feed.kind], QUARANTINE, LATE_EVENT):
        with guard(batch.lake.root, table.name):
            if batch.lake.exists(table) and not batch.lake.read(table).where(own).isEmpty():
                left = batch.lake.read(table).where(~own)
                batch.lake.overwrite(table, users.reopened(left) if table is USERS else left)


def _sum_without(batch: Batch, own: Column) -> None:
    """Sum the orders or refunds that these files brought lines of without them; the lines are taken out after that."""
    sums, lines = TABLES_OF[batch.kind]
    (key,) = sums.key
    found = batch.lake.read(lines)
    touched = found.where(own).select(key).distinct()
    if batch.lake.exists(lines) and not touched.isEmpty():
        left = found.where(~own).join(touched, key, "left_semi")
        summed = _SUMMED[batch.kind](left, batch.settings.business_zone)
        others = batch.lake.read(sums).join(touched, key, "left_anti")
        batch.lake.overwrite(sums, others.select(*sums.names).unionByName(summed.select(*sums.names)))


def _known_events(batch: Batch, records: DataFrame) -> DataFrame | None:
    """Keys accepted before, on the event dates of the batch; clean.events has been written."""
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
    may_repeat = not all(part.feed.key.position for part in batch.parts)
    known = None
    if may_repeat and batch.lake.exists(EVENTS):
        records = records.localCheckpoint()
        known = _known_events(batch, records)
    return activity.judge(records, known, batch.settings.allowed_lateness_days, may_repeat=may_repeat)


def _judge_orders(batch: Batch, records: DataFrame) -> DataFrame:
    lateness = batch.settings.allowed_lateness_days
    if batch.part.feed.grain == "line":
        known = _known_keys(batch, ORDER_LINES, "line_id")
        return orders.judge_single(records, batch.part.feed, known, "order_date", lateness)
    states = None
    if batch.lake.exists(ORDERS):
        columns = F.col("order_id").alias("record_key"), F.col("updated_at").alias("known_updated_at")
        states = batch.lake.read(ORDERS).select(*columns)
    return orders.judge_states(records, states, lateness)


def _judge_refunds(batch: Batch, records: DataFrame) -> DataFrame:
    feed, lateness = batch.part.feed, batch.settings.allowed_lateness_days
    table, key = (REFUND_LINES, "line_id") if feed.grain == "line" else (REFUNDS, "refund_id")
    return orders.judge_single(records, feed, _known_keys(batch, table, key), "refund_date", lateness)


def _judge_users(batch: Batch, records: DataFrame) -> DataFrame:
    known = batch.lake.read(USERS).where("valid_to IS NULL")
    return users.judge(records, known, batch.part.delivery.is_whole)


def _write_events(batch: Batch, judged: DataFrame) -> None:
    batch.lake.append(EVENTS, activity.event_rows(judged))


def _write_orders(batch: Batch, judged: DataFrame) -> None:
    lake, part = batch.lake, batch.part
    if part.feed.grain == "line":
        _write_lines(batch, judged)
        return
    rows = orders.order_rows(judged)
    lake.merge(ORDERS, rows)
    if part.feed.lines is not None:
        lines = orders.nested_line_rows(rows)
        if lake.exists(ORDER_LINES):
            kept = lake.read(ORDER_LINES).join(rows.select("order_id"), "order_id", "left_anti")
            columns = list(ORDER_LINES.names)
            lines = lines.select(*columns).unionByName(kept.select(*columns))
        lake.overwrite(ORDER_LINES, lines)


def _write_refunds(batch: Batch, judged: DataFrame) -> None:
    if batch.part.feed.grain == "line":
        _write_lines(batch, judged)
    else:
        batch.lake.merge(REFUNDS, orders.refund_rows(judged))


def _write_lines(batch: Batch, judged: DataFrame) -> None:
    """Add lines, and sum what they belong to from all the lines that are known of it."""
    sums, lines = TABLES_OF[batch.kind]
    (key,) = sums.key
    batch.lake.append(lines, orders.line_rows(judged))
    touched = judged.where("outcome = 'accepted'").select(key).distinct()
    known = batch.lake.read(lines).join(touched, key, "left_semi")
    batch.lake.merge(sums, _SUMMED[batch.kind](known, batch.settings.business_zone))


def _write_users(batch: Batch, judged: DataFrame) -> None:
    batch.lake.overwrite(USERS, users.intervals(judged, batch.lake.read(USERS)))


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
_SUMMED: dict[str, Callable[[DataFrame, str], DataFrame]] = {
    "orders": orders.orders_of_lines,
    "refunds": orders.refunds_of_lines,
}
TABLES_OF: dict[str, tuple[Table, ...]] = {
    "activity": (EVENTS,),
    "orders": (ORDERS, ORDER_LINES),
    "refunds": (REFUNDS, REFUND_LINES),
    "users": (USERS,),
}
"""Kind of feed → the clean tables that it brings rows to; no other kind writes them."""
