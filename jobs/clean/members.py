"""The members of every scope type: declared in the settings, or discovered in the data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from conf.members import Members
from conf.scopes import CODE_COLUMNS, RESERVED_CODES, UNASSIGNED
from jobs.spark.local_relation import frame_of
from schemas.clean.members import MEMBERS


def members(declared: Mapping[str, Members], events: DataFrame, stored: DataFrame) -> DataFrame:
    """Rows of clean.members.

    A discovered member is valid from its first event date, the earliest that was ever seen.

    Args:
        declared: members files per scope type.
        events: clean.events.
        stored: clean.members as it is.
    """
    rows = [_declared(scope_type, listed) for scope_type, listed in declared.items()]
    listed = [row for group in rows for row in group]
    schema = MEMBERS.ddl
    frame = frame_of(events.sparkSession, listed, schema)
    for scope_type, file in declared.items():
        if file.discover:
            frame = frame.unionByName(_discovered(scope_type, events, stored, {m.code for m in file.members}))
    return frame


def _declared(
    scope_type: str, file: Members
) -> list[tuple[str, str, str, str, str, str, date, date | None, bool]]:
    return [
        (scope_type, m.code, m.name_en, m.name_zh, m.member_class, m.owner, m.since, m.until, True)
        for m in file.members
    ]


def _discovered(scope_type: str, events: DataFrame, stored: DataFrame, listed: set[str]) -> DataFrame:
    code = F.col(CODE_COLUMNS[scope_type])
    seen = (
        events.where(code.isNotNull())
        .groupBy(code.alias("scope_id"))
        .agg(F.min("event_date").alias("valid_from"))
    )
    before = stored.where((F.col("scope_type") == scope_type) & ~F.col("is_declared")).select(
        "scope_id", "valid_from"
    )
    first = seen.unionByName(before).groupBy("scope_id").agg(F.min("valid_from").alias("valid_from"))
    return first.where(~F.col("scope_id").isin([*RESERVED_CODES, *sorted(listed)])).select(
        F.lit(scope_type).alias("scope_type"),
        "scope_id",
        F.col("scope_id").alias("name_en"),
        F.col("scope_id").alias("name_zh"),
        F.lit("discovered").alias("class"),
        F.lit(UNASSIGNED).alias("owner"),
        "valid_from",
        F.lit(None).cast("date").alias("valid_to"),
        F.lit(False).alias("is_declared"),
    )
