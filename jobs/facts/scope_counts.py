"""Events → what each user did in each scope on each day, in one pass over all scope types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from conf.scopes import ALL, CODE_COLUMNS, UNASSIGNED, UNKNOWN

_EARLIEST, _LATEST = date(1000, 1, 1), date(9999, 12, 31)


@dataclass(frozen=True)
class ListValidity:
    """For which event dates a list of users holds.

    Attributes:
        reach_back_days: days before its own for which a daily list holds; what is known of an event date is what the
            lists say until no more of its records count.
        whole_lists: feeds, as `mapping.feed`, of lists that are delivered whole and hold for all time.
    """

    reach_back_days: int
    whole_lists: frozenset[str] = frozenset()


def counted_by_type(
    events: DataFrame,
    users: DataFrame,
    members: DataFrame,
    validity: ListValidity,
    date_from: date,
    date_to: date,
) -> DataFrame:
    """The one pass over the events of the range, from which the facts and the reports by event type are made.

    One row per event date, scope, user (NULL included) and event type with the counts of what the events were.

    Args:
        events: clean.events.
        users: clean.users; bots and staff are excluded as of the event date.
        members: clean.members.
        validity: of the lists that clean.users was made from.
    """
    # Every grouping and window over this has the user in its key, so one shuffle by user serves them all.
    in_range = events.where(F.col("event_date").between(date_from, date_to)).repartition("user_id")
    return per_scope(with_exclusions(in_range, users, validity), members, "event_type")


def with_exclusions(events: DataFrame, users: DataFrame, validity: ListValidity) -> DataFrame:
    """Events with is_excluded: the account is a declared bot or staff as of the event date."""
    is_whole = F.col("source").isin(sorted(validity.whole_lists)) if validity.whole_lists else F.lit(False)
    back = validity.reach_back_days
    flags = users.where("is_bot OR is_staff").select(
        "user_id",
        F.when(is_whole, F.lit(_EARLIEST)).otherwise(F.date_sub("valid_from", back)).alias("starts"),
        F.coalesce(F.date_sub("valid_to", back), F.lit(_LATEST)).alias("ends"),
        F.lit(True).alias("is_flagged"),
    )
    joined = events.alias("e").join(
        F.broadcast(flags).alias("f"),
        (F.col("e.user_id") == F.col("f.user_id"))
        & F.col("e.event_date").between(F.col("starts"), F.col("ends")),
        "left",
    )
    says_so_itself = F.coalesce("e.is_bot", F.lit(False)) | F.coalesce("e.is_staff", F.lit(False))
    return joined.select(
        "e.*", (says_so_itself | F.coalesce("is_flagged", F.lit(False))).alias("is_excluded")
    )


def per_scope(events: DataFrame, members: DataFrame, *cuts: str) -> DataFrame:
    """One row per event date, scope, user (NULL included) and value of the `cuts`, with the counts of what the events were."""
    is_counted, has_user = ~F.col("is_excluded"), F.col("user_id").isNotNull()
    conditions = {
        "events": is_counted & has_user & ~F.col("is_exposure"),
        "exposures": is_counted & has_user & F.col("is_exposure"),
        "anonymous_events": is_counted & ~has_user,
        "excluded_events": F.col("is_excluded"),
    }
    sums = [F.sum(F.col(name)).alias(name) for name in conditions]
    # First down to the distinct combinations of codes, then out to the scopes: the explosion stays small.
    by_codes = events.groupBy("event_date", "user_id", *cuts, *CODE_COLUMNS.values()).agg(
        *(F.count_if(condition).alias(name) for name, condition in conditions.items())
    )
    scopes = F.array(_scope(ALL, F.lit(ALL), True), *(_coded(t, c) for t, c in CODE_COLUMNS.items()))
    exploded = by_codes.select("event_date", "user_id", *cuts, *conditions, F.explode(scopes).alias("scope"))
    listed = members.select(
        F.col("scope_type").alias("listed_type"),
        F.col("scope_id").alias("listed_id"),
        F.lit(True).alias("is_listed"),
    )
    with_members = exploded.join(
        F.broadcast(listed),
        (F.col("scope.type") == F.col("listed_type")) & (F.col("scope.code") == F.col("listed_id")),
        "left",
    )
    keeps_code = F.col("scope.is_fixed") | F.coalesce("is_listed", F.lit(False))
    rows = with_members.withColumns(
        {
            "scope_type": F.col("scope.type"),
            "scope_id": F.when(keeps_code, F.col("scope.code")).otherwise(UNKNOWN),
        }
    )
    summed = rows.groupBy("event_date", "scope_type", "scope_id", "user_id", *cuts).agg(*sums)
    return summed.withColumns({"group_type": F.lit(ALL), "group_id": F.lit(ALL)})


def _scope(scope_type: str, code: Column, is_fixed: bool | Column) -> Column:
    fixed = F.lit(is_fixed) if isinstance(is_fixed, bool) else is_fixed
    return F.struct(F.lit(scope_type).alias("type"), code.alias("code"), fixed.alias("is_fixed"))


def _coded(scope_type: str, column: str) -> Column:
    return _scope(scope_type, F.coalesce(column, F.lit(UNASSIGNED)), F.col(column).isNull())
