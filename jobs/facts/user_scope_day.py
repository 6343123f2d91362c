"""Events → facts.user_scope_day and facts.scope_day, for a range of days in one pass over all scope types."""

from __future__ import annotations

from datetime import date

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from conf.scopes import ALL, CODE_COLUMNS, UNASSIGNED, UNKNOWN
from jobs.facts.user_listed_day import ANY_LISTED, add_any_listed
from schemas.facts.user_scope_day import SCOPE_DAY, SCOPE_KEY

_EVER, _NEVER = date(1000, 1, 1), date(9999, 12, 31)
_BLOCK = 62
"""Days of a block; a history of 63 days lies within a day's own block and the one before it."""
_ALL_BITS = (1 << 63) - 1
# The user first: a sort compares the first bytes of its first column, and those of scopes are alike.
_WHO = ["user_id", *SCOPE_KEY]


def counted_by_type(
    events: DataFrame, users: DataFrame, members: DataFrame, date_from: date, date_to: date
) -> DataFrame:
    """The one pass over the events of the range, from which the facts and the reports by event type are made.

    One row per event date, scope, user (NULL included) and event type with the counts of what the events were.

    Args:
        events: clean.events.
        users: clean.users; bots and staff are excluded as of the event date.
        members: clean.members.
    """
    # Every grouping and window over this has the user in its key, so one shuffle by user serves them all.
    chosen = events.where(F.col("event_date").between(date_from, date_to)).repartition("user_id")
    return per_scope(flagged(chosen, users), members, "event_type")


def facts(by_type: DataFrame, prior: DataFrame | None) -> tuple[DataFrame, DataFrame]:
    """Rows of facts.user_scope_day and of facts.scope_day.

    Args:
        by_type: `counted_by_type` of the range; both frames read it.
        prior: facts.user_scope_day before the range; None where nothing lies before it.
    """
    active = _summed(by_type.where("user_id IS NOT NULL")).where("events > 0")
    user_days = _beside(_with_history(_summed(add_any_listed(active)), prior))
    scope_days = by_type.groupBy("event_date", *SCOPE_KEY).agg(
        *(F.sum(name).alias(name) for name in SCOPE_DAY.metric_columns)
    )
    any_event = F.greatest(*SCOPE_DAY.metric_columns) > 0
    return user_days, scope_days.where(any_event).select(*SCOPE_DAY.names)


def flagged(events: DataFrame, users: DataFrame) -> DataFrame:
    """Events with is_excluded: the account is a declared bot or staff as of the event date.

    Before a user's first interval the first one holds.
    """
    starts = F.row_number().over(Window.partitionBy("user_id").orderBy("valid_from")) == 1
    marked = users.withColumn("starts", F.when(starts, F.lit(_EVER)).otherwise(F.col("valid_from")))
    flags = marked.where("is_bot OR is_staff").select(
        "user_id",
        "starts",
        F.coalesce("valid_to", F.lit(_NEVER)).alias("ends"),
        F.lit(True).alias("is_flagged"),
    )
    marked_events = events.alias("e").join(
        F.broadcast(flags).alias("f"),
        (F.col("e.user_id") == F.col("f.user_id"))
        & F.col("e.event_date").between(F.col("starts"), F.col("ends")),
        "left",
    )
    own = F.coalesce("e.is_bot", F.lit(False)) | F.coalesce("e.is_staff", F.lit(False))
    return marked_events.select("e.*", (own | F.coalesce("is_flagged", F.lit(False))).alias("is_excluded"))


def per_scope(events: DataFrame, members: DataFrame, *cuts: str) -> DataFrame:
    """One row per event date, scope, user (NULL included) and value of the `cuts`, with the counts of what the events were."""
    plain, known = ~F.col("is_excluded"), F.col("user_id").isNotNull()
    kinds = {
        "events": plain & known & ~F.col("is_exposure"),
        "exposures": plain & known & F.col("is_exposure"),
        "anonymous_events": plain & ~known,
        "excluded_events": F.col("is_excluded"),
    }
    sums = [F.sum(F.col(name)).alias(name) for name in kinds]
    # First down to the distinct combinations of codes, then out to the scopes: the explosion stays small.
    by_codes = events.groupBy("event_date", "user_id", *cuts, *CODE_COLUMNS.values()).agg(
        *(F.count_if(condition).alias(name) for name, condition in kinds.items())
    )
    scopes = F.array(_scope(ALL, F.lit(ALL), True), *(_coded(t, c) for t, c in CODE_COLUMNS.items()))
    exploded = by_codes.select("event_date", "user_id", *cuts, *kinds, F.explode(scopes).alias("scope"))
    listed = members.select(
        F.col("scope_type").alias("listed_type"),
        F.col("scope_id").alias("listed_id"),
        F.lit(True).alias("is_listed"),
    )
    named = exploded.join(
        F.broadcast(listed),
        (F.col("scope.type") == F.col("listed_type")) & (F.col("scope.code") == F.col("listed_id")),
        "left",
    )
    keeps_code = F.col("scope.is_fixed") | F.coalesce("is_listed", F.lit(False))
    rows = named.withColumns(
        {
            "scope_type": F.col("scope.type"),
            "scope_id": F.when(keeps_code, F.col("scope.code")).otherwise(UNKNOWN),
        }
    )
    summed = rows.groupBy("event_date", "scope_type", "scope_id", "user_id", *cuts).agg(*sums)
    return summed.withColumns({"group_type": F.lit(ALL), "group_id": F.lit(ALL)})


def _summed(counted: DataFrame) -> DataFrame:
    """One row per event date, scope and user."""
    kinds = (F.sum(name).alias(name) for name in ("events", *SCOPE_DAY.metric_columns))
    return counted.groupBy("event_date", *_WHO).agg(*kinds)


def _scope(scope_type: str, code: Column, is_fixed: bool | Column) -> Column:
    fixed = F.lit(is_fixed) if isinstance(is_fixed, bool) else is_fixed
    return F.struct(F.lit(scope_type).alias("type"), code.alias("code"), fixed.alias("is_fixed"))


def _coded(scope_type: str, column: str) -> Column:
    return _scope(scope_type, F.coalesce(column, F.lit(UNASSIGNED)), F.col(column).isNull())


def _with_prior(active: DataFrame, prior: DataFrame | None) -> DataFrame:
    """The rows of the range and, per user and scope, the last row before it as it was known."""
    own = active.withColumns(
        {
            "is_prior": F.lit(False),
            "known_first": F.lit(None).cast("date"),
            "known_bits": F.lit(None).cast("bigint"),
        }
    )
    if prior is None:
        return own
    last = prior.groupBy(*_WHO).agg(
        F.max("event_date").alias("event_date"),
        F.min("first_date").alias("known_first"),
        F.max_by("history_bits", "event_date").alias("known_bits"),
        F.lit(True).alias("is_prior"),
    )
    return own.unionByName(last, allowMissingColumns=True)


def _with_history(active: DataFrame, prior: DataFrame | None) -> DataFrame:
    """Add prev_date, first_date and history_bits from the rows before, in the range and prior to it."""
    day = F.unix_date("event_date")
    both = _with_prior(active, prior).withColumns(
        {"block": F.floor(day / _BLOCK).cast("int"), "place": F.pmod(day, F.lit(_BLOCK))}
    )
    # The block first, so that one sort serves the windows by day and those by block.
    in_order = Window.partitionBy(*_WHO).orderBy("block", "event_date")
    so_far = in_order.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    by_block = Window.partitionBy(*_WHO).orderBy("block")
    bit_of_day = _shift("left", F.lit(1).cast("bigint"), _BLOCK - 1 - F.col("place"))
    dated = both.withColumns(
        {
            "prev_date": F.lag("event_date").over(in_order),
            "first_date": F.min(F.coalesce("known_first", "event_date")).over(so_far),
            "start_bits": F.first("known_bits").over(so_far),
            "start_date": F.first("event_date").over(so_far),
            "own_block": F.sum(bit_of_day).over(by_block.rangeBetween(0, 0)),
            "block_before": F.sum(bit_of_day).over(by_block.rangeBetween(-1, -1)),
        }
    )
    none = F.lit(0).cast("bigint")
    # The first day of a block is its highest bit: a shift puts the event date at bit 0 and drops what comes after it.
    own = _shift("right", F.col("own_block"), _BLOCK - 1 - F.col("place"))
    before = _shift("left", F.coalesce("block_before", none), F.col("place") + 1)
    carried = _aged(F.col("start_bits"), F.datediff("event_date", "start_date"))
    bits = own.bitwiseOR(before).bitwiseOR(F.coalesce(carried, none)).bitwiseAND(F.lit(_ALL_BITS))
    return dated.withColumn("history_bits", bits).where(~F.col("is_prior"))


def _beside(own: DataFrame) -> DataFrame:
    """Add what a user's other rows of the day say: other_scopes and platform_first_date.

    other_scopes are members of the type, without unassigned, in which the user was active besides this one.
    """
    counts = (
        (F.col("scope_id") != UNASSIGNED) & (F.col("scope_id") != ANY_LISTED) & (F.col("scope_type") != ALL)
    )
    # One window with a count per type: a second one, by type, would go over every row once more.
    on_platform = Window.partitionBy("user_id", "event_date", "group_type", "group_id")
    of_type = [
        F.when(
            F.col("scope_type") == name, F.count_if(counts & (F.col("scope_type") == name)).over(on_platform)
        )
        for name in CODE_COLUMNS
    ]
    first_anywhere = F.max(F.when(F.col("scope_type") == ALL, F.col("first_date")))
    return own.withColumns(
        {
            "other_scopes": (F.coalesce(*of_type, F.lit(0)) - counts.cast("int")).cast("int"),
            "platform_first_date": first_anywhere.over(on_platform),
        }
    )


def _shift(way: str, bits: Column, places: Column) -> Column:
    return F.call_function(f"shift{way}", bits, places)


def _aged(bits: Column, age: Column) -> Column:
    """Bits as seen `age` days later; a shift of 63 or more leaves nothing."""
    return F.when(age <= _BLOCK, _shift("left", bits, age)).otherwise(F.lit(0).cast("bigint"))
