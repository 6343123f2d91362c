"""Why a record is not accepted: every reason code of quarantine, lateness and duplication, in the order of the checks."""

from __future__ import annotations

QUARANTINE_REASONS = {
    "unreadable_file": "The file cannot be read to its end; it counts as one record.",
    "blank_line": "The line holds nothing but white space.",
    "not_utf8": "The bytes are not text in the declared encoding.",
    "malformed": "The record, or the lines nested in it, cannot be parsed: broken JSON, an unterminated quote.",
    "duplicate_key": "A JSON object gives the same key twice, or an order the same line.",
    "too_few_fields": "The record has fewer fields than the header.",
    "too_many_fields": "The record has more fields than the header.",
    "missing_required": "A required column is NULL or empty.",
    "type_mismatch": "A value is not of the contract's type.",
    "bad_time": "A value is not a time of the declared form.",
    "out_of_range": "A number does not fit the contract's type or range.",
    "clock_skew": "The event is later than its own arrival by more than the allowed minutes.",
}
LATE_REASONS = {
    "before_history": "The event lies before history_start.",
    "too_late": "The event arrived more than the allowed days after it happened.",
}
DUPLICATE_REASONS = {
    "repeated_key": "The same key was accepted or late within duplicates_within_days; of a state, the same state came before.",
    "duplicate_file": "The same content was ingested under another name.",
}
SUPERSEDED_REASONS = {
    "older_state": "A newer state of the same record is kept.",
    "unchanged": "The snapshot repeats what held already.",
}
REASONS = {
    "quarantined": QUARANTINE_REASONS,
    "late": LATE_REASONS,
    "duplicate": DUPLICATE_REASONS,
    "superseded": SUPERSEDED_REASONS,
}
"""Reasons by the outcome that they explain."""
