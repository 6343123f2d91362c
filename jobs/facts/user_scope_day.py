"""Events → facts.user_scope_day and facts.scope_day, for a range of days in one pass over all scope types."""

from __future__ import annotations

from datetime import date

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.clean.members import COLUMN_OF
from schemas.facts.activity import SCOPE_DAY, SCOPE_KEY, USER_SCOPE_DAY

LISTED = "__listed__"
"""Scope of the users that were active in at least one listed member of a type; it feeds reports.overview only."""
_EVER, _NEVER = date(1000, 1, 1), date(9999, 12, 31)
_BITS = 62
_ALL_BITS = (1 << 63) - 1
_WHO = [*SCOPE_KEY, "user_id"]


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
    kinds = (F.sum(name).alias(name) for name in ("events", *SCOPE_DAY.metric_columns))
    counted = by_type.groupBy("event_date", *_WHO).agg(*kinds)
    active = counted.where("user_id IS NOT NULL AND events > 0")
    user_days = _with_history(_with_others(active), prior)
    scope_days = counted.groupBy("event_date", *SCOPE_KEY).agg(
        *(F.sum(name).alias(name) for name in SCOPE_DAY.metric_columns)
    )
    any_event = F.greatest(*SCOPE_DAY.metric_columns) > 0
    is_member = F.col("scope_id") != LISTED
    return user_days.select(*USER_SCOPE_DAY.names), scope_days.where(any_event & is_member).select(
        *SCOPE_DAY.names
    )


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
    by_codes = events.groupBy("event_date", "user_id", *cuts, *COLUMN_OF.values()).agg(
        *(F.count_if(condition).alias(name) for name, condition in kinds.items())
    )
    scopes = F.array(_scope("all", F.lit("all"), True), *(_coded(t, c) for t, c in COLUMN_OF.items()))
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
    is_listed = F.coalesce("is_listed", F.lit(False))
    code = F.when(F.col("scope.is_fixed") | is_listed, F.col("scope.code")).otherwise("unknown")
    ids = F.when(is_listed, F.array(code, F.lit(LISTED))).otherwise(F.array(code))
    rows = named.select(
        "event_date",
        "user_id",
        *cuts,
        *kinds,
        F.col("scope.type").alias("scope_type"),
        F.explode(ids).alias("scope_id"),
    )
    summed = rows.groupBy("event_date", "scope_type", "scope_id", "user_id", *cuts).agg(*sums)
    return summed.withColumns({"group_type": F.lit("all"), "group_id": F.lit("all")})


def _scope(scope_type: str, code: Column, is_fixed: bool | Column) -> Column:
    fixed = F.lit(is_fixed) if isinstance(is_fixed, bool) else is_fixed
    return F.struct(F.lit(scope_type).alias("type"), code.alias("code"), fixed.alias("is_fixed"))


def _coded(scope_type: str, column: str) -> Column:
    return _scope(scope_type, F.coalesce(column, F.lit("unassigned")), F.col(column).isNull())


def _with_others(active: DataFrame) -> DataFrame:
    """Add other_scopes: members of the type, without unassigned, in which the user was active besides this one."""
    counts = (
        (F.col("scope_id") != "unassigned") & (F.col("scope_id") != LISTED) & (F.col("scope_type") != "all")
    )
    same_type = Window.partitionBy("event_date", "scope_type", "group_type", "group_id", "user_id")
    total = F.sum(counts.cast("int")).over(same_type)
    return active.withColumn("other_scopes", (total - counts.cast("int")).cast("int"))


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
    """Add prev_date, first_date, platform_first_date and history_bits from the rows before, in the range and prior to it."""
    both = _with_prior(active, prior)
    in_order = Window.partitionBy(*_WHO).orderBy("event_date")
    so_far = in_order.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    dated = both.withColumns(
        {
            "prev_date": F.lag("event_date").over(in_order),
            "first_date": F.min(F.coalesce("known_first", "event_date")).over(so_far),
            "days": F.collect_list("event_date").over(in_order.rowsBetween(-_BITS, 0)),
            "start_bits": F.first("known_bits").over(so_far),
            "start_date": F.first("event_date").over(so_far),
        }
    )
    bits = F.aggregate("days", F.lit(0).cast("bigint"), _set_bit)
    carried = _shifted(F.col("start_bits"), F.datediff("event_date", "start_date"))
    dated = dated.withColumn("history_bits", bits.bitwiseOR(F.coalesce(carried, F.lit(0).cast("bigint"))))
    own = dated.where(~F.col("is_prior"))
    on_platform = Window.partitionBy("group_type", "group_id", "user_id", "event_date")
    first_anywhere = F.max(F.when(F.col("scope_type") == "all", F.col("first_date"))).over(on_platform)
    return own.withColumn("platform_first_date", first_anywhere)


def _set_bit(bits: Column, day: Column) -> Column:
    age = F.datediff(F.col("event_date"), day)
    bit = F.when(age <= _BITS, F.call_function("shiftleft", F.lit(1).cast("bigint"), age))
    return bits.bitwiseOR(F.coalesce(bit, F.lit(0).cast("bigint")))


def _shifted(bits: Column, age: Column) -> Column:
    """Bits as seen `age` days later; the sign bit stays clear, and a shift of 63 or more leaves nothing."""
    moved = F.call_function("shiftleft", bits, age).bitwiseAND(F.lit(_ALL_BITS))
    return F.when(age <= _BITS, moved).otherwise(F.lit(0).cast("bigint"))
