"""Which codes the events carry, with the day each was first seen, and whether it is a member."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from conf.members import SCOPE_TYPES
from conf.settings import Settings
from jobs.lake.select import require_written
from jobs.lake.tables import Lake
from schemas.clean.activity import EVENTS


def codes(lake: Lake, settings: Settings) -> pa.Table:
    """One row per scope type and code: events, first_date, is_declared.

    Raises:
        ConfigError: nothing was ingested yet.
    """
    require_written(lake, EVENTS)
    columns = [f"{scope_type}_id" for scope_type in SCOPE_TYPES]
    events = lake.scan(EVENTS, [*columns, "event_date"], pc.field("event_date").is_valid())
    rows = []
    for scope_type in SCOPE_TYPES:
        listed = {member.code for member in settings.members[scope_type].members}
        code = f"{scope_type}_id"
        seen = events.filter(pc.is_valid(events[code])).group_by(code)
        counts = seen.aggregate([("event_date", "min"), ("event_date", "count")]).sort_by(code)
        rows += [
            {
                "scope_type": scope_type,
                "code": row[code],
                "events": row["event_date_count"],
                "first_date": row["event_date_min"],
                "is_declared": row[code] in listed,
            }
            for row in counts.to_pylist()
        ]
    return pa.Table.from_pylist(rows)
