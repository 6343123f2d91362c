"""Rules of a mapping as Spark columns: the typed value, and why it has none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as F

from conf.mapping import EPOCHS, ISO, Rule
from jobs.mapping.expressions import compile_expression
from schemas.contract import Column as ContractColumn

_LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z
_OFFSET = r"(Z|[+-]\d{2}(:?\d{2})?)"
_ISO = rf"^\d{{4}}-\d{{2}}-\d{{2}}([T ]\d{{2}}:\d{{2}}(:\d{{2}}(\.\d+)?)? ?{_OFFSET}?)?$"


@dataclass(frozen=True)
class Typed:
    """A contract column's value, and the reason code where the record's text is not of its type."""

    value: Column
    fault: Column


def trimmed(name: str) -> Column:
    """The record's own column as text without outer blanks."""
    return F.trim(F.col("fields")[name])


def source_value(rule: Rule, where: str, looked_up: Callable[[str], Column] = trimmed) -> Column:
    """What the rule takes from the record, before typing; empty text is NULL.

    Args:
        looked_up: the text of a column of the record, where it was looked up before.
    """
    if rule.constant is not None:
        return F.lit(str(rule.constant).lower() if isinstance(rule.constant, bool) else str(rule.constant))
    if rule.expression is not None:
        return F.expr(compile_expression(rule.expression, where)).cast("string")
    assert rule.column is not None
    text = looked_up(rule.column)
    if rule.codes is None:
        return F.when(text != "", text)
    known = (
        F.create_map(*(F.lit(part) for pair in rule.codes.items() for part in pair)) if rule.codes else None
    )
    return F.try_element_at(known, text) if known is not None else F.lit(None).cast("string")


def typed(text: Column, rule: Rule, column: ContractColumn, zone: str, required: bool) -> Typed:
    """A contract column from the text that its rule took from the record.

    Faults: missing_required, bad_time, out_of_range (a number that does not fit), type_mismatch; they read the value
    by the column's name, so that it is parsed once.
    """
    if column.type == "timestamp":
        value, fault = _instant(text, rule, zone), F.lit("bad_time")
    elif column.type == "boolean":
        value, fault = _boolean(text), F.lit("type_mismatch")
    elif column.type == "string":
        value, fault = text, F.lit(None).cast("string")
    else:
        value = text.try_cast(column.type)
        is_number = text.try_cast("double").isNotNull()
        fault = F.when(is_number, "out_of_range").otherwise("type_mismatch")
    broken = F.when(text.isNotNull() & F.col(column.name).isNull(), fault)
    return Typed(value, F.when(text.isNull(), "missing_required").otherwise(broken) if required else broken)


def _boolean(text: Column) -> Column:
    word = F.lower(text)
    return F.when(word.isin("true", "1", "yes", "y", "t"), True).when(
        word.isin("false", "0", "no", "n", "f"), False
    )


def _instant(text: Column, rule: Rule, zone: str) -> Column:
    form = rule.time or ISO
    if form in EPOCHS:
        micros = (text.try_cast("decimal(24,6)") * F.lit(EPOCHS[form])).cast("decimal(30,0)")
        return F.when(
            F.abs(micros) <= _LAST_SECOND * 1_000_000, F.timestamp_micros(micros.try_cast("bigint"))
        )
    zone = rule.zone or zone
    if form == ISO:
        stamp = F.when(text.rlike(_ISO), text.try_cast("timestamp"))
        has_offset = text.rlike(rf"\d{{2}}:\d{{2}}.*{_OFFSET}$")
        return F.when(has_offset, stamp).otherwise(F.to_utc_timestamp(stamp, zone))
    stamp = F.try_to_timestamp(text, F.lit(form))
    return stamp if any(letter in form for letter in "XxZVO") else F.to_utc_timestamp(stamp, zone)
