"""Activity: what users did, or were shown."""

import re

from conf.scopes import CODE_COLUMNS
from schemas.clean.activity import EVENTS
from schemas.kinds.declaration import Grain, Kind
from schemas.kinds.recognition import USER, Recognition

_EVENT = re.compile(r"^(event|action|behaviou?r)(_?(type|name))?$", re.I)

ACTIVITY = Kind(
    name="activity",
    grains=(
        Grain(
            name="event",
            nature="fact",
            table=EVENTS,
            key="event_id",
            must_map=("user_id", "event_at", "event_type"),
            must_have=("event_at", "event_type"),
        ),
    ),
    instant="event_at",
    day="event_date",
    is_required=True,
    has_exposures=True,
    feeds_overlap=True,
    checks_clock=True,
    recognition=Recognition(
        rank=3,
        columns=(USER, _EVENT),
        key=re.compile(r"^(event_?id|id)$", re.I),
        drafted=("user_id", "event_at", "event_type"),
        alike={
            "user_id": USER,
            "event_type": _EVENT,
            "session_id": re.compile(r"session_?(id)?$", re.I),
            "item_id": re.compile(r"(item|product|stock|sku)_?(id|code|no)$", re.I),
            **{column: re.compile(rf"{name}(_?(id|code))?$", re.I) for name, column in CODE_COLUMNS.items()},
            "touch_id": re.compile(r"touch_?id$", re.I),
        },
        hints={"event_type": "a column, or {constant: WORD}"},
    ),
)
