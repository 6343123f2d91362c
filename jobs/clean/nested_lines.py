"""The lines nested in a record: typed and judged within the record's row, so that nothing half-good enters."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from conf.mapping import Lines
from jobs.mapping.expressions import literal
from jobs.mapping.rules import first_fault, first_of, source_text, trimmed, typed
from jobs.mapping.targets import Targets
from schemas.kinds.declaration import Grain, columns_of_lines


def line_texts(lines: Lines, where: str) -> Column:
    """What the mapping's rules take from each line; NULL where the record's text is no array of JSON objects."""
    array = f"from_json(fields[{literal(lines.column)}], 'array<map<string,string>>')"
    texts = [f"{source_text(rule, f'{where}.{name}')} AS {name}" for name, rule in lines.columns.items()]
    return F.expr(f"transform({array}, fields -> struct({', '.join(texts)}))")


def line_values(lines: Lines, allowed: Targets, number_column: str, zone: str) -> Column:
    """The typed lines of a record with text_lines; a line without an id gets its number."""

    def values(texts: Column, number: Column) -> Column:
        of_line = {name: F.lit(None).cast(column.type) for name, column in allowed.columns.items()}
        for name, rule in lines.columns.items():
            of_line[name] = typed(texts[name], rule, allowed.columns[name], zone, required=False).value
        of_line[number_column] = F.coalesce(of_line[number_column], _shown(number))
        return F.struct(*(value.alias(name) for name, value in of_line.items()))

    return F.transform("text_lines", values)


def line_fault(lines: Lines, wanted: Targets, number_column: str, zone: str) -> Column:
    """`lines[2].column: reason` of the first line that is not acceptable, in a record with text_lines and lines."""

    def fault(texts: Column, values: Column) -> Column:
        return first_fault(
            [
                (name, typed(texts[name], rule, wanted.columns[name], zone, name in wanted.must_have, values.__getitem__).fault)
                for name, rule in lines.columns.items()
            ]
        )  # fmt: skip

    def repeated(line_id: Column, number: Column) -> Column:
        return F.when(F.array_position(ids, line_id) <= number, f"{number_column}: duplicate_key")

    ids = f"lines.{number_column}"
    is_broken = (F.expr(trimmed(lines.column)) != "") & F.col("text_lines").isNull()
    return first_of(
        [
            F.when(is_broken, "lines: malformed"),
            _first(F.zip_with("text_lines", "lines", fault)),
            _first(F.transform(ids, repeated)),
        ]
    )


def lines_as_text() -> Column:
    """The typed lines of a record as JSON, as a state keeps them."""
    return F.to_json("lines")


def nested_line_rows(states: DataFrame, grain: Grain) -> DataFrame:
    """Rows of the lines' table from states with nested_lines.

    Args:
        states: states under the key of their table.
    """
    assert grain.lines is not None
    of_line = columns_of_lines(grain)
    shared = [c.name for c in grain.lines.table.columns if c not in of_line]
    of_each = ", ".join(f"{c.name}: {c.type}" for c in of_line)
    line = F.explode(F.from_json("nested_lines", f"array<struct<{of_each}>>")).alias("line")
    return states.select(*shared, line).select(*shared, "line.*")


def _first(faults: Column) -> Column:
    """The first fault of lines that has one, after the line's number."""
    numbered = F.transform(
        faults, lambda fault, number: F.concat(F.lit("lines["), _shown(number), F.lit("]."), fault)
    )
    return F.get(F.array_compact(numbered), F.lit(0))


def _shown(number: Column) -> Column:
    """The number of a line, from 1."""
    return (number + 1).cast("string")
