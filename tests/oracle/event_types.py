"""Events by event type, by sets of (user, event type) per day and scope."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

from tests.oracle.activity import Oracle, Row, Scope, key


def events_daily(oracle: Oracle, first: date, last: date) -> list[Row]:
    """reports.events_daily of the days."""
    world = oracle.world
    done: dict[tuple[date, Scope], Counter[tuple[str, str]]] = defaultdict(Counter)
    shown: Counter[tuple[date, Scope, str]] = Counter()
    for event in world.events:
        day, user = world.day_of(event), event.user_id
        if user is None or (user, day) in world.excluded or not first <= day <= last:
            continue
        for scope in oracle.scopes_of(event):
            if event.is_exposure:
                shown[day, scope, event.event_type] += 1
            else:
                done[day, scope][user, event.event_type] += 1
    places = {(d, s, kind) for (d, s), counts in done.items() for _, kind in counts} | set(shown)
    return [
        _row(oracle, day, scope, kind, done[day, scope], shown[day, scope, kind])
        for day, scope, kind in places
        if scope in oracle.spine(day)
    ]


def _row(
    oracle: Oracle, day: date, scope: Scope, kind: str, done: Counter[tuple[str, str]], shown: int
) -> Row:
    users = {user for user, other in done if other == kind}
    stamps = oracle.stamps(day)
    return {
        "activity_date": day, **key(scope), "event_type": kind, "exposures": shown, "dau": len(users),
        "events": sum(n for (_, other), n in done.items() if other == kind),
        "single_type_users": sum({other for who, other in done if who == user} == {kind} for user in users),
        "is_complete": stamps["is_complete"], "definition_hash": stamps["definition_hash"],
    }  # fmt: skip
