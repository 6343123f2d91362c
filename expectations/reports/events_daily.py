"""Activity by event type: every event is of one type."""

from expectations.rule import Rule, same

IDENTITIES: dict[str, Rule] = {
    "event_types": same("events and exposures of all event types sum to those of the scope"),
}
