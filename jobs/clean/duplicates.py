"""Which of several records of one key is the fact: the first that landed, and the next one only after a long time."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F


def mark_repeats(records: DataFrame, facts: DataFrame | None, within_days: int) -> DataFrame:
    """Add `is_repeat`: a record of the same key that landed before is a fact, at most `within_days` landing days ago.

    Records land in the order of arrival_date, file name and position. A repeat is no fact: it makes no later record a
    repeat. So records judged day by day come to what they come to at once.

    Args:
        records: one row per record with record_key, outcome, arrival_date, file, position, source; open ones have no
            outcome.
        facts: record_key and arrival_date of each fact that is stored already; None where there is none. One that landed
            after a record, which comes out of order then, makes it a repeat in the same way.
    """
    is_open = F.col("outcome").isNull()
    of_key = Window.partitionBy(is_open, "record_key")
    of_day = Window.partitionBy(is_open, "record_key", "arrival_date").orderBy("file", "position", "source")
    marked = records.withColumns(
        {
            "days_of_key": F.array_sort(F.collect_set("arrival_date").over(of_key)),
            "is_first_of_day": F.row_number().over(of_day) == 1,
        }
    )
    if facts is None:
        marked = marked.withColumn("stored_days", F.lit(None).cast("array<date>"))
    else:
        stored = facts.groupBy("record_key").agg(F.collect_set("arrival_date").alias("stored_days"))
        marked = marked.join(stored, "record_key", "left")
    # Nearly every key comes once: of those nothing has to be looked for.
    is_alone = (F.size("days_of_key") == 1) & F.col("stored_days").isNull()
    fact_days = F.when(is_alone, F.col("days_of_key")).otherwise(_fact_days(within_days))
    is_fact = F.col("is_first_of_day") & F.array_contains(fact_days, F.col("arrival_date"))
    return marked.withColumn("is_repeat", ~is_fact).drop("days_of_key", "is_first_of_day", "stored_days")


def _fact_days(within_days: int) -> Column:
    """The days of a key, in their order, on which a record is a new fact."""
    stored = F.coalesce("stored_days", F.expr("CAST(array() AS array<date>)"))

    def next_day(chosen: Column, day: Column) -> Column:
        is_near = F.exists(F.concat(chosen, stored), lambda fact: F.abs(F.datediff(day, fact)) <= within_days)
        return F.when(is_near, chosen).otherwise(F.array_append(chosen, day))

    return F.aggregate("days_of_key", F.expr("CAST(array() AS array<date>)"), next_day)
