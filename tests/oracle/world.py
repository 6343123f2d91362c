"""What the oracle is told: plain events, members and dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

SCOPE_TYPES = ("scene", "tool", "service")


@dataclass(frozen=True)
class Event:
    """One event of a log; event_at is an aware UTC instant."""

    event_id: str
    user_id: str | None
    event_at: datetime
    is_exposure: bool = False
    scene: str | None = None
    tool: str | None = None
    service: str | None = None
    event_type: str = "view"


@dataclass(frozen=True)
class World:
    """A log and all that decides what its numbers are.

    Attributes:
        declared: (scope type, code) → since.
        discovered: scope types whose codes become members when they are seen.
        excluded: (user, business day) on which the user was a bot or staff.
    """

    events: tuple[Event, ...]
    declared: dict[tuple[str, str], date]
    zone: str
    history_start: date
    last_arrival: date
    closed_through: date
    discovered: frozenset[str] = frozenset()
    excluded: frozenset[tuple[str, date]] = frozenset()
    definition_hash: str = "hash"

    def day_of(self, event: Event) -> date:
        """The local calendar day of an event, by the rules of the business zone."""
        return event.event_at.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True)
class Order:
    """An order, paid on a day or (None) never."""

    order_id: str
    user_id: str | None
    paid: date | None
    amount: Decimal


@dataclass(frozen=True)
class Refund:
    """Money paid back on a day."""

    refund_id: str
    day: date
    amount: Decimal


@dataclass(frozen=True)
class Registration:
    """A user and the day of registration, if the source says it."""

    user_id: str
    day: date | None
