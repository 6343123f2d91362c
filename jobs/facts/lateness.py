"""What came too late to be counted, in the numbers in which it would have counted."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.facts.scope_counts import ListValidity, per_scope, with_exclusions
from schemas.facts.user_scope_day import SCOPE_KEY
from schemas.ops.tables import LATENESS


def lateness(
    late: DataFrame, users: DataFrame, members: DataFrame, validity: ListValidity, user_days: DataFrame
) -> DataFrame:
    """Rows of ops.lateness.

    Args:
        late: clean.late_event without what a backfill has brought in; events before the history do not count, since
            nothing is counted there.
        users: clean.users.
        members: clean.members.
        validity: of the lists that clean.users was made from.
        user_days: facts.user_scope_day.
    """
    too_late = late.where("event_type IS NOT NULL AND reason = 'too_late'")
    counted = per_scope(with_exclusions(too_late, users, validity), members, "arrival_date")
    late_counts = counted.where("user_id IS NOT NULL AND events > 0")
    user_keys = ["event_date", *SCOPE_KEY, "user_id"]
    first = late_counts.groupBy(*user_keys).agg(F.min("arrival_date").alias("arrival_date"))
    unseen = first.join(user_days.select(*user_keys), user_keys, "left_anti").withColumn(
        "is_unseen", F.lit(1)
    )
    rows = late_counts.join(unseen, [*user_keys, "arrival_date"], "left")
    summed = rows.groupBy("event_date", "arrival_date", "scope_type", "scope_id").agg(
        F.sum("events").alias("late_events"), F.count("is_unseen").alias("late_users")
    )
    return summed.select(*LATENESS.names)
