"""Events: what was accepted is there."""

from expectations.rule import Rule, same

IDENTITIES: dict[str, Rule] = {
    "accepted": same(
        "the rows of clean.events are the accepted activity records of ops.ingest_balance and the late ones of ops.late_entry"
    ),
}
