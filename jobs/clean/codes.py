"""Which codes the events carry, with the day each was first seen, and whether it is a member."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from conf.scopes import CODE_COLUMNS
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
    events = lake.scan(EVENTS, [*CODE_COLUMNS.values(), "event_date"], pc.field("event_date").is_valid())
    rows = []
    for scope_type, code in CODE_COLUMNS.items():
        listed = {member.code for member in settings.members[scope_type].members}
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
