"""Rules of a mapping in Spark: the text that each takes from a record, its typed value, and why it has none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as F

from conf.mapping import Rule
from conf.times import EPOCHS, ISO, says_zone
from jobs.mapping.expressions import compile_expression, literal
from schemas.contract import Column as ContractColumn

_LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z
_OFFSET = r"(Z|[+-]\d{2}(:?\d{2})?)"
_ISO = rf"^\d{{4}}-\d{{2}}-\d{{2}}([T ]\d{{2}}:\d{{2}}(:\d{{2}}(\.\d+)?)? ?{_OFFSET}?)?$"


@dataclass(frozen=True)
class Typed:
    """A contract column's value, and the reason code where the record's text is not of its type."""

    value: Column
    fault: Column


def trimmed(name: str) -> str:
    """SQL of the record's own column as text without outer blanks."""
    return f"trim(fields[{literal(name)}])"


def source_text(rule: Rule, where: str, looked_up: Callable[[str], str] = trimmed) -> str:
    """SQL of what the rule takes from the record, before typing; empty text is NULL.

    SQL and no Column, since only so can it be said of each line that is nested in a record.

    Args:
        looked_up: SQL of the text of a column of the record, where it was looked up before.
    """
    if rule.constant is not None:
        return literal(str(rule.constant).lower() if isinstance(rule.constant, bool) else str(rule.constant))
    if rule.expression is not None:
        return f"CAST({compile_expression(rule.expression, where)} AS STRING)"
    assert rule.column is not None
    text = looked_up(rule.column)
    if rule.codes is None:
        return f"CASE WHEN {text} <> '' THEN {text} END"
    pairs = ", ".join(literal(part) for pair in rule.codes.items() for part in pair)
    return f"try_element_at(map({pairs}), {text})" if pairs else "CAST(NULL AS STRING)"


def typed(
    text: Column,
    rule: Rule,
    column: ContractColumn,
    zone: str,
    required: bool,
    value_of: Callable[[str], Column] = F.col,
) -> Typed:
    """A contract column from the text that its rule took from the record.

    Faults: missing_required, bad_time, out_of_range (a number that does not fit), type_mismatch; they read the value
    by the column's name, so that it is parsed once.

    Args:
        value_of: the value of a name, where it stands in no column of its own.
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
    broken = F.when(text.isNotNull() & value_of(column.name).isNull(), fault)
    return Typed(value, F.when(text.isNull(), "missing_required").otherwise(broken) if required else broken)


def first_of(columns: list[Column]) -> Column:
    """The first that is not NULL; NULL where there is none."""
    return F.coalesce(*columns) if columns else F.lit(None).cast("string")


def first_fault(faults: list[tuple[str, Column]]) -> Column:
    """`column: reason` of the first column that is not acceptable, missing ones before wrong ones."""
    missing = [
        F.when(fault == "missing_required", F.lit(f"{name}: missing_required")) for name, fault in faults
    ]
    wrong = [F.concat(F.lit(f"{name}: "), fault) for name, fault in faults]
    return first_of(missing + wrong)


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
    return stamp if says_zone(form) else F.to_utc_timestamp(stamp, zone)
