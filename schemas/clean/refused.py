"""Records that are in no other clean table: refused, or too late for their day."""

from schemas.clean.activity import CODES
from schemas.columns import COLUMNS
from schemas.contract import Table, pick

LATE_EVENT = Table(
    name="clean.late_event",
    grain="One row per record that came too late for its day or lies before the history. Events that came too late"
    " enter only by backfill and stay listed here; records of other kinds do not enter.",
    key=("source", "file", "position"),
    columns=pick(
        COLUMNS,
        "source file position landing_date record_key event_date arrival_date days_late reason user_id?"
        f" event_type? is_exposure? is_bot? is_staff? {CODES} raw_text? content_hash"
        " event_at? arrived_at? touch_id? session_id? item_id? merchant_id?",
    ),
    owner="data-platform",
    day="landing_date",
)


QUARANTINE = Table(
    name="clean.quarantine",
    grain="One row per refused record, recoverable as received.",
    key=("source", "file", "position"),
    columns=pick(
        COLUMNS,
        "source file position landing_date reason detail? raw_text? raw_bytes? content_hash contract_version"
        " mapping_hash",
    ),
    owner="data-platform",
    day="landing_date",
)
