"""Events: what users did, or were shown."""

from conf.scopes import CODE_COLUMNS
from schemas.columns import COLUMNS
from schemas.contract import Table, pick

CODES = " ".join(f"{column}?" for column in CODE_COLUMNS.values())
"""The codes of an event, one per type of members, as `pick` takes them."""

EVENTS = Table(
    name="clean.events",
    grain="One row per event: of the records of an event_id that land within duplicates_within_days, the first.",
    key=("event_id",),
    columns=pick(
        COLUMNS,
        "event_id user_id? event_at event_date arrived_at arrival_date event_type is_exposure"
        f" {CODES} touch_id? session_id? item_id? merchant_id?"
        " is_bot? is_staff? source file position content_hash",
    ),
    owner="data-platform",
    day="event_date",
    partitioned=True,
)
