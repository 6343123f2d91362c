"""Who was active where, on the figures of the profile."""

from expectations.rule import Rule, exactly
from schemas.columns.identity import SCOPE_TYPES

RULES: dict[str, tuple[Rule, ...]] = {
    "facts.user_scope_day": (
        exactly(
            "scope_type.distinct_count",
            len(SCOPE_TYPES),
            "who is active is in every scope type, if only as unassigned",
        ),
    ),
}
