"""The word of a rule: one Great Expectations expectation, what it means and what its failure does."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["critical", "warning"]


@dataclass(frozen=True)
class Rule:
    """One expectation on a frame.

    Attributes:
        expectation: Great Expectations type, such as expect_column_values_to_be_between.
        arguments: its arguments.
        meaning: why it must hold, in words.
        severity: critical stops the publication, warning is published and shown.
    """

    expectation: str
    arguments: dict[str, Any]
    meaning: str
    severity: Severity = "critical"

    @property
    def text(self) -> str:
        """The rule as one line, without data."""
        short = self.expectation.removeprefix("expect_").replace("_", " ")
        values = ", ".join(
            f"{k}={v}" for k, v in self.arguments.items() if k not in ("column_list", "value_set")
        )
        line = f"{short}({values})"
        return line if len(line) < 200 else f"{line[:180]}… {hashlib.sha256(line.encode()).hexdigest()[:8]}"


def not_null(column: str) -> Rule:
    """The contract says that the column is always known."""
    return Rule("expect_column_values_to_not_be_null", {"column": column}, f"{column} is always known")


def between(column: str, low: float | None, high: float | None, meaning: str) -> Rule:
    """Limits of a column; NULL is allowed where the contract allows it."""
    limits = {"column": column, "min_value": low, "max_value": high}
    return Rule("expect_column_values_to_be_between", limits, meaning)


def exactly(column: str, value: float, meaning: str) -> Rule:
    """A column has one value on every row."""
    return between(column, value, value, meaning)


def at_least(larger: str, smaller: str, meaning: str, severity: Severity = "critical") -> Rule:
    """One column is never below another of the same row."""
    pair = {
        "column_A": larger,
        "column_B": smaller,
        "or_equal": True,
        "ignore_row_if": "either_value_is_missing",
    }
    return Rule("expect_column_pair_values_a_to_be_greater_than_b", pair, meaning, severity)


def equal(left: str, right: str, meaning: str) -> Rule:
    """Two columns of the same row are equal; a row with a NULL says nothing."""
    pair = {"column_A": left, "column_B": right, "ignore_row_if": "either_value_is_missing"}
    return Rule("expect_column_pair_values_to_be_equal", pair, meaning)


def same(meaning: str, severity: Severity = "critical") -> Rule:
    """Both sides of an identity are equal on every row; a NULL on either side breaks it."""
    sides = {"column_A": "left", "column_B": "right", "ignore_row_if": "neither"}
    return Rule("expect_column_pair_values_to_be_equal", sides, meaning, severity)


def not_below(meaning: str) -> Rule:
    """The left side of an identity is never below the right; a NULL on either side breaks it."""
    sides = {"column_A": "left", "column_B": "right", "or_equal": True, "ignore_row_if": "neither"}
    return Rule("expect_column_pair_values_a_to_be_greater_than_b", sides, meaning)
