"""What came too late is counted as it would have counted, and its users only where nothing else shows them."""

from __future__ import annotations

from datetime import date

from pyspark.sql import SparkSession

from jobs.facts.lateness import lateness
from jobs.facts.scope_counts import ListValidity
from schemas.clean.members import MEMBERS
from schemas.clean.refused import LATE_EVENT
from schemas.clean.users import USERS
from schemas.facts.user_scope_day import USER_SCOPE_DAY
from tests.properties.frames import frame

DAY, FIFTH, SIXTH = date(2026, 3, 1), date(2026, 3, 5), date(2026, 3, 6)


def _late(user: str | None, arrived: date, **more: object) -> dict[str, object]:
    return {"event_date": DAY, "arrival_date": arrived, "reason": "too_late", "event_type": "view",
            "user_id": user, "is_exposure": False, **more}  # fmt: skip


def test_late_events_and_late_users_of_each_scope(spark: SparkSession) -> None:
    late = [
        _late("seen", FIFTH, scene_id="home"), _late("unseen", FIFTH, scene_id="home"),
        _late("unseen", SIXTH, scene_id="home"), _late("unseen", SIXTH, is_exposure=True), _late(None, SIXTH),
        _late("robot", FIFTH, is_bot=True), _late("early", FIFTH, reason="before_history"),
        _late(None, FIFTH, event_type=None),
    ]  # fmt: skip
    seen = [
        {
            "event_date": DAY,
            "scope_type": t,
            "scope_id": i,
            "group_type": "all",
            "group_id": "all",
            "user_id": "seen",
        }
        for t, i in (("all", "all"), ("scene", "elsewhere"))
    ]
    built = lateness(
        frame(spark, LATE_EVENT, late), frame(spark, USERS, []),
        frame(spark, MEMBERS, [{"scope_type": "scene", "scope_id": "home"}]), ListValidity(0), frame(spark, USER_SCOPE_DAY, seen),
    )  # fmt: skip
    found = {
        (r["scope_type"], r["scope_id"], r["arrival_date"]): (r["late_events"], r["late_users"])
        for r in built.collect()
        if r["scope_type"] in ("all", "scene")
    }
    assert found == {
        ("all", "all", FIFTH): (2, 1),
        ("all", "all", SIXTH): (1, 0),
        ("scene", "home", FIFTH): (2, 2),
        ("scene", "home", SIXTH): (1, 0),
    }
