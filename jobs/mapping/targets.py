"""Which contract columns each kind of feed may and must map, derived from the clean contracts."""

from __future__ import annotations

from dataclasses import dataclass

from conf.mapping import Feed
from schemas.clean.activity import EVENTS
from schemas.clean.orders import ORDER_LINES, ORDERS
from schemas.clean.refunds import REFUNDS
from schemas.clean.users import USERS
from schemas.contract import Column, Table

_MADE_BY_INGEST = {
    "event_id", "event_date", "arrived_at", "arrival_date", "is_exposure", "source", "file", "position", "content_hash",
    "order_date", "refund_date", "registered_date", "valid_from", "valid_to",
}  # fmt: skip
RECEIVED_AT = Column(
    "received_at", "timestamp", "Instant at which the record was received, UTC.", nullable=True
)


@dataclass(frozen=True)
class Targets:
    """Contract columns of a feed: what may be mapped, what must be, and what may not be empty in a record."""

    columns: dict[str, Column]
    must_map: frozenset[str]
    must_have: frozenset[str]


def _of(*tables: Table, without: set[str] = frozenset()) -> dict[str, Column]:  # type: ignore[assignment]
    named = {column.name: column for table in tables for column in table.columns}
    return {name: c for name, c in named.items() if name not in _MADE_BY_INGEST | without} | {
        RECEIVED_AT.name: RECEIVED_AT
    }


def targets(feed: Feed) -> Targets:
    """The targets of a feed's kind and grain."""
    if feed.kind == "activity":
        return Targets(
            _of(EVENTS),
            frozenset({"user_id", "event_at", "event_type"}),
            frozenset({"event_at", "event_type"}),
        )
    if feed.kind == "users":
        return Targets(_of(USERS, without={"user_id"}), frozenset(), frozenset())
    if feed.kind == "refunds":
        own = {"refund_id"} if feed.grain == "order" else set()
        needed = {"amount", "refunded_at"} | ({"refund_id"} - own)
        return Targets(_of(REFUNDS, without=own), frozenset(needed), frozenset(needed))
    if feed.grain == "line":
        needed = {"order_id", "amount"}
        return Targets(
            _of(ORDER_LINES, without={"line_id"}), frozenset(needed | {"paid_at"}), frozenset(needed)
        )
    return Targets(_of(ORDERS, without={"order_id"}), frozenset({"amount", "paid_at"}), frozenset({"amount"}))


def line_targets() -> Targets:
    """The targets of the lines nested in an order record."""
    carried = {"order_id", "user_id", "paid_at"}
    own = {name: c for name, c in _of(ORDER_LINES, without=carried).items() if name != RECEIVED_AT.name}
    return Targets(own, frozenset({"amount"}), frozenset({"amount"}))
