"""Typing of raw records: every record gets its contract columns and, where it is not acceptable, the reason."""

from __future__ import annotations

from datetime import timedelta
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from conf.mapping import Delivery, Feed
from conf.settings import Settings
from jobs.clean.nested_lines import line_fault, line_texts, line_values
from jobs.clean.refused import stamps
from jobs.mapping.expressions import compile_expression
from jobs.mapping.kinds import grain_of, kind_of
from jobs.mapping.rules import Typed, first_fault, first_of, source_text, trimmed, typed
from jobs.mapping.targets import line_targets, targets

KEEP = ("file", "position", "landing_date", "raw_text", "raw_bytes", "fields", "content_hash")


def business_date(instant: Column, zone: str) -> Column:
    """Day of an instant in the business zone, by the zone's rules."""
    return F.to_date(F.from_utc_timestamp(instant, zone))


def typed_records(
    raw: DataFrame, source: str, feed: Feed, delivery: Delivery, settings: Settings, zone: str
) -> DataFrame:
    """One row per record with source, record_key, the contract's columns, its days, and outcome, reason, detail.

    Nested lines stand beside their record, typed, and a fault in one of them is the record's.
    outcome is NULL for records that are still open: duplicates and lateness are judged among those.

    Args:
        source: the feed as `mapping.feed`.
    """
    where = location_of(source)
    wanted = targets(feed)
    read_columns = sorted({rule.column for rule in feed.columns.values() if rule.column is not None})
    field_of = {name: f"field_{number}" for number, name in enumerate(read_columns)}
    texts = {
        f"text_{name}": F.expr(source_text(rule, f"{where}.columns.{name}", field_of.__getitem__))
        for name, rule in feed.columns.items()
    }
    if feed.lines is not None:
        texts["text_lines"] = line_texts(feed.lines, f"{where}.lines.columns")
    rules = {
        name: typed(F.col(f"text_{name}"), rule, wanted.columns[name], zone, name in wanted.must_have)
        for name, rule in feed.columns.items()
    }
    absent = {
        name: F.lit(None).cast(column.type)
        for name, column in wanted.columns.items()
        if name not in feed.columns
    }
    # One step each for look-up, text, value and fault: in one step Spark would do each once per mention.
    looked_up = raw.withColumns({field_of[name]: F.expr(trimmed(name)) for name in read_columns})
    read = looked_up.withColumns(
        {"record_key": _key(source, feed), "filtered": _filtered(feed, where), **texts}
    )
    valued = read.select(
        *KEEP, "problem", "record_key", "filtered", *texts,
        *(rule.value.alias(name) for name, rule in rules.items()),
        *(value.alias(name) for name, value in absent.items()), *_exposure(feed, where), *_void(feed, where),
        *_lines(feed, zone),
    )  # fmt: skip
    frame = valued.withColumns(
        {"fault": _fault(feed, rules, zone), **{n: F.lit(v) for n, v in stamps(source, feed).items()}}
    ).drop(*texts)
    return _judged(_dated(frame, feed, delivery, settings), feed, settings)


def slim(records: DataFrame, lateness: int, feed: Feed) -> DataFrame:
    """Records without what they were received as, except for those that may have to be kept so: refused or late.

    The fields are needed once more only where there is no text.

    Args:
        records: typed records of the feed; those of the required kind with is_early, true before the feed's history_start.
        lateness: allowed days between a fact and its arrival.
    """
    is_kept = (F.col("outcome") == "quarantined") | (F.col("days_late") > lateness)
    if kind_of(feed).is_required:
        is_kept |= F.col("is_early")
    kept = {name: F.when(is_kept, F.col(name)) for name in ("raw_text", "raw_bytes")}
    return records.withColumns(
        {**kept, "fields": F.when(is_kept & F.col("raw_text").isNull(), F.col("fields"))}
    )


def location_of(source: str) -> str:
    """Place of a feed in its mapping, for messages."""
    mapping, name = source.split(".", 1)
    return f"sources/{mapping}.yml: feeds.{name}"


def _exposure(feed: Feed, where: str) -> list[Column]:
    """Whether a record marks an exposure, where the kind has them, while its fields are still there."""
    if not kind_of(feed).has_exposures:
        return []
    return [_holds(feed.exposure, f"{where}.exposure").alias("is_exposure")]


def _void(feed: Feed, where: str) -> list[Column]:
    """Whether a state takes its record back, where records are states, while its fields are still there."""
    if grain_of(feed).nature != "state":
        return []
    return [_holds(feed.void, f"{where}.void").alias("is_void")]


def _holds(text: str | None, where: str) -> Column:
    """Whether a mapping's condition is true; false where it is NULL or there is none."""
    if text is None:
        return F.lit(False)
    return F.coalesce(F.expr(compile_expression(text, where)).cast("boolean"), F.lit(False))


def _key(source: str, feed: Feed) -> Column:
    """The record's key; a position is unique within its feed, so that it names the feed where feeds overlap."""
    if feed.key.content:
        return F.col("content_hash")
    if feed.key.position:
        owner = [F.lit(source)] if kind_of(feed).feeds_overlap else []
        return F.concat_ws(":", *owner, "file", F.col("position").cast("string"))
    if feed.key.expression is not None:
        made = compile_expression(feed.key.expression, f"{location_of(source)}.key.expression")
        text = F.trim(F.expr(made).cast("string"))
    else:
        text = F.expr(trimmed(str(feed.key.column)))
    return F.when(text != "", text)


def _filtered(feed: Feed, where: str) -> Column:
    """Name of the first filter that holds."""
    rules = {
        name: F.expr(compile_expression(text, f"{where}.filters.{name}"))
        for name, text in feed.filters.items()
    }
    return first_of(
        [F.when(F.coalesce(rule.cast("boolean"), F.lit(False)), name) for name, rule in rules.items()]
    )


def _fault(feed: Feed, rules: dict[str, Typed], zone: str) -> Column:
    """The first fault of a record: of its key, of its columns, of its nested lines."""
    key = F.when(F.col("record_key").isNull(), "missing_required")
    of_record = first_fault([("key", key), *((name, rule.fault) for name, rule in rules.items())])
    lines = grain_of(feed).lines
    if feed.lines is None or lines is None:
        return of_record
    allowed = line_targets(kind_of(feed), grain_of(feed))
    return first_of([of_record, line_fault(feed.lines, allowed, lines.number, zone)])


def _lines(feed: Feed, zone: str) -> list[Column]:
    """The typed lines of a record, where the feed has nested lines."""
    lines = grain_of(feed).lines
    if feed.lines is None or lines is None:
        return []
    allowed = line_targets(kind_of(feed), grain_of(feed))
    return [line_values(feed.lines, allowed, lines.number, zone).alias("lines")]


def _dated(frame: DataFrame, feed: Feed, delivery: Delivery, settings: Settings) -> DataFrame:
    """arrived_at, arrival_date, the business day, and days_late (NULL for whole deliveries and where nothing is late)."""
    kind, zone = kind_of(feed), settings.business_zone
    dated = frame
    if kind.instant is not None:
        dated = frame.withColumn(str(kind.day), business_date(F.col(kind.instant), zone))
    end_of_day = F.to_utc_timestamp(F.date_add("landing_date", 1).cast("timestamp"), zone)
    arrival, late = F.col("landing_date"), F.lit(None).cast("int")
    if kind.has_lateness and delivery.is_whole:
        arrival = F.coalesce(F.col(str(kind.day)), F.col("landing_date"))
    elif kind.has_lateness:
        late = F.datediff(F.col("landing_date"), F.col(str(kind.day)))
    return dated.withColumns(
        {
            "arrived_at": F.coalesce(F.col("received_at"), end_of_day),
            "arrival_date": arrival,
            "days_late": late,
        }
    )


def _judged(frame: DataFrame, feed: Feed, settings: Settings) -> DataFrame:
    """outcome, reason and detail of what is filtered or refused before duplicates are looked at."""
    kind, skewed = kind_of(feed), F.lit(False)
    if kind.checks_clock:
        skew = timedelta(minutes=settings.clock_skew_minutes)
        limit = F.col("arrived_at") + F.expr(f"INTERVAL {int(skew.total_seconds())} SECONDS")
        is_dated = F.col("received_at").isNotNull() | F.col("days_late").isNotNull()
        skewed = is_dated & (F.col(str(kind.instant)) > limit)
    fault = F.coalesce(F.col("fault"), F.when(skewed, f"{kind.instant}: clock_skew"))
    reason = F.coalesce("problem", F.substring_index(fault, ": ", -1))
    outcome = (
        F.when(F.col("problem").isNotNull(), "quarantined")
        .when(F.col("filtered").isNotNull(), "filtered")
        .when(fault.isNotNull(), "quarantined")
    )
    return frame.withColumns(
        {
            "outcome": outcome,
            "reason": F.when(outcome == "filtered", F.col("filtered")).when(outcome == "quarantined", reason),
            "detail": F.when((outcome == "quarantined") & F.col("problem").isNull(), fault),
        }
    ).drop("problem", "filtered", "fault")


def mark(frame: DataFrame, rules: list[tuple[Column, str, str]]) -> DataFrame:
    """Give open records the outcome and reason of the first rule that holds; what stays open is accepted."""
    is_open = F.col("outcome").isNull()
    outcome = reduce(
        lambda chain, rule: chain.when(is_open & rule[0], rule[1]), rules, F.when(~is_open, F.col("outcome"))
    )
    reason = reduce(
        lambda chain, rule: chain.when(is_open & rule[0], rule[2]), rules, F.when(~is_open, F.col("reason"))
    )
    return frame.withColumns(
        {"reason": F.coalesce(reason, F.lit("")), "outcome": outcome.otherwise("accepted")}
    )
