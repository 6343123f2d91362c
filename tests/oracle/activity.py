"""Facts, activity, engagement, overview and retention by sets of days per (scope, user)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tests.oracle.metrics import PER_DAY
from tests.oracle.world import SCOPE_TYPES, Event, World

Scope = tuple[str, str]
Row = dict[str, Any]
WINDOWS = {
    "D1": (1, 1), "D3": (3, 3), "D7": (7, 7), "D14": (14, 14), "D30": (30, 30), "W1": (1, 7), "W2": (8, 14),
    "W4": (22, 28), "unbounded_1_60": (1, 60), "unbounded_7_60": (7, 60),
}  # fmt: skip
ANY_LISTED = "any listed member"
OVERVIEW = ("events", "dau", "wau", "mau28", "new_to_scope", "user_days_28", "stickiness", "stickiness_avg")


def dates(first: date, last: date) -> Iterator[date]:
    """Every day from first to last."""
    while first <= last:
        yield first
        first += timedelta(days=1)


def ago(day: date, days: int) -> date:
    """The day that many days before."""
    return day - timedelta(days=days)


class Oracle:
    """Every cell of every activity table of a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.members = dict(world.declared)
        for event in world.events:
            for scope_type, code in codes(event).items():
                if (
                    code is not None
                    and scope_type in world.discovered
                    and (scope_type, code) not in world.declared
                ):
                    day = world.day_of(event)
                    self.members[scope_type, code] = min(day, self.members.get((scope_type, code), day))
        self.active: dict[Scope, dict[str, Counter[date]]] = defaultdict(lambda: defaultdict(Counter))
        self.others: dict[str, Counter[tuple[Scope, date]]] = defaultdict(Counter)
        for event in world.events:
            self._count(event, world.day_of(event))

    def _count(self, event: Event, day: date) -> None:
        excluded = event.user_id is not None and (event.user_id, day) in self.world.excluded
        for scope in self.scopes_of(event):
            if excluded:
                self.others["excluded_events"][scope, day] += 1
            elif event.user_id is None:
                self.others["anonymous_events"][scope, day] += 1
            elif event.is_exposure:
                self.others["exposures"][scope, day] += 1
            else:
                self.active[scope][event.user_id][day] += 1
                if scope in self.members:
                    self.active[scope[0], ANY_LISTED][event.user_id][day] += 1

    def scopes_of(self, event: Event) -> list[Scope]:
        """The scopes in which an event counts: all, and one of each type."""
        scopes = [("all", "all")]
        for scope_type, code in codes(event).items():
            if code is None:
                scopes.append((scope_type, "unassigned"))
            elif (scope_type, code) in self.members:
                scopes.append((scope_type, code))
            else:
                scopes.append((scope_type, "unknown"))
        return scopes

    def spine(self, day: date) -> list[Scope]:
        """Scopes that are owed a row on a day."""
        always = [("all", "all"), *((t, i) for t in SCOPE_TYPES for i in ("unknown", "unassigned"))]
        return always + [scope for scope, since in self.members.items() if since <= day]

    def users(self, scope: Scope, first: date, last: date) -> set[str]:
        """Users with an active day in [first, last]."""
        return {u for u, days in self.active[scope].items() if any(first <= d <= last for d in days)}

    def first_day(self, scope: Scope, user: str) -> date:
        """First active day of a user in a scope."""
        return min(self.active[scope][user])

    def user_scope_day(self) -> list[Row]:
        """facts.user_scope_day, all history."""
        rows = []
        for scope in [s for s in self.active if s[1] != ANY_LISTED]:
            for user, days in self.active[scope].items():
                rows += [self._fact(scope, user, day) for day in days]
        return rows

    def _fact(self, scope: Scope, user: str, day: date) -> Row:
        days = self.active[scope][user]
        also = [
            s for s in self.active
            if s[0] == scope[0] and s != scope and s[1] not in (ANY_LISTED, "unassigned") and day in self.active[s].get(user, ())
        ]  # fmt: skip
        return {
            "event_date": day, **key(scope), "user_id": user, "events": days[day],
            "prev_date": max((d for d in days if d < day), default=None),
            "first_date": min(days), "platform_first_date": self.first_day(("all", "all"), user),
            "history_bits": sum(2**n for n in range(63) if ago(day, n) in days),
            "other_scopes": len(also),
        }  # fmt: skip

    def scope_day(self) -> list[Row]:
        """facts.scope_day, all history."""
        names = ("exposures", "anonymous_events", "excluded_events")
        seen = {place for name in names for place in self.others[name]}
        return [
            {"event_date": d, **key(s), **{n: self.others[n][s, d] for n in names}} for s, d in seen
        ]  # fmt: skip

    def _numbers(self, scope: Scope, day: date) -> Row:
        today = self.users(scope, day, day)
        mau28 = self.users(scope, ago(day, 27), day)
        events = sum(self.active[scope][u][day] for u in today)
        user_days = sum(len(self.users(scope, d, d)) for d in dates(ago(day, 27), day))
        return {
            "events": events, "dau": len(today), "wau": len(self.users(scope, ago(day, 6), day)), "mau28": len(mau28),
            "new_to_scope": sum(self.first_day(scope, u) == day for u in today),
            "user_days_28": user_days,
            "events_per_active": events / len(today) if today else None,
            "stickiness": len(today) / len(mau28) if mau28 else None,
            "stickiness_avg": user_days / (28 * len(mau28)) if mau28 else None,
            **self.stamps(day),
        }  # fmt: skip

    def stamps(self, day: date) -> Row:
        """What every activity row carries."""
        return {
            "is_left_censored": (day - self.world.history_start).days < 29,
            "is_complete": day <= self.world.closed_through,
            "definition_hash": self.world.definition_hash,
        }

    def histogram(self, scope: Scope, day: date) -> Counter[int]:
        """Number of users by active days among the 28 that end on the day."""
        return Counter(
            sum(ago(day, 27) <= d <= day for d in self.active[scope][u])
            for u in self.users(scope, ago(day, 27), day)
        )

    def _alone(self, scope: Scope, day: date) -> int:
        alone = self.users(scope, day, day)
        for other in [] if scope[0] == "all" else list(self.active):
            if other[0] == scope[0] and other != scope and other[1] not in (ANY_LISTED, "unassigned"):
                alone = alone - self.users(other, day, day)
        return len(alone)

    def activity_daily(self, first: date, last: date) -> list[Row]:
        """reports.activity_daily of the days."""
        rows = []
        for day in dates(first, last):
            for scope in self.spine(day):
                per_days = self.histogram(scope, day)
                segments = {"light": (1, 6), "medium": (7, 13), "regular": (14, 20), "core": (21, 28)}
                row = {"activity_date": day, **key(scope), **self._numbers(scope, day)}
                row |= {n: sum(per_days[k] for k in range(a, b + 1)) for n, (a, b) in segments.items()}
                row |= {name: count(self, scope, day) for name, count in PER_DAY.items()}
                row["unique_only_here"] = self._alone(scope, day)
                for name in ("anonymous_events", "excluded_events"):
                    row[name] = self.others[name][scope, day] if scope == ("all", "all") else None
                rows.append(row)
        return rows

    def engagement(self, first: date, last: date) -> list[Row]:
        """reports.engagement of the days."""
        rows = []
        for day in dates(first, last):
            for scope in self.spine(day):
                per_days = self.histogram(scope, day)
                rows += [
                    {"activity_date": day, **key(scope), "active_days": n, "users": per_days[n], **self.stamps(day)}
                    for n in range(1, 29)
                ]  # fmt: skip
        return rows

    def overview(self, first: date, last: date) -> list[Row]:
        """reports.overview of the days."""
        scopes = [("all", "all"), *((t, ANY_LISTED) for t in SCOPE_TYPES)]
        return [
            {"activity_date": d, "scope_type": s[0], **{n: v for n, v in self._numbers(s, d).items() if n in OVERVIEW},
             **self.stamps(d)}
            for d in dates(first, last) for s in scopes
        ]  # fmt: skip

    def retention(self, first: date, last: date) -> list[Row]:
        """reports.retention of the cohort dates."""
        rows = []
        for day in dates(first, last):
            for scope in self.spine(day):
                recurring = self.users(scope, day, day)
                first_ever = {u for u in recurring if self.first_day(scope, u) == day}
                for kind, cohort in (("recurring", recurring), ("first_ever", first_ever)):
                    rows += [self._retained(day, scope, kind, cohort, name) for name in WINDOWS]
        return rows

    def _retained(self, day: date, scope: Scope, kind: str, cohort: set[str], name: str) -> Row:
        low, high = WINDOWS[name]
        back = sum(any(low <= (d - day).days <= high for d in self.active[scope][u]) for u in cohort)
        is_complete = day + timedelta(days=high) <= self.world.closed_through
        return {
            "cohort_date": day, **key(scope), "cohort_kind": kind, "retention_window": name, "day_from": low,
            "day_to": high, "cohort_size": len(cohort), "retained_so_far": back,
            "retained": back if is_complete else None,
            "rate": back / len(cohort) if is_complete and cohort else None,
            **self.stamps(day), "is_complete": is_complete,
        }  # fmt: skip


def codes(event: Event) -> dict[str, str | None]:
    """The event's code of each scope type."""
    return {"scene": event.scene, "tool": event.tool, "service": event.service}


def key(scope: Scope) -> Row:
    """The key columns of a scope without a cut by user attributes."""
    return {"scope_type": scope[0], "scope_id": scope[1], "group_type": "all", "group_id": "all"}
