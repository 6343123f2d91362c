"""The lines nested in an order record: typed and judged within the record's row, so that nothing half-good enters."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

from conf.mapping import Lines
from jobs.mapping.expressions import literal
from jobs.mapping.rules import first_fault, first_of, source_text, trimmed, typed
from jobs.mapping.targets import line_targets


def line_texts(lines: Lines, where: str) -> Column:
    """What the mapping's rules take from each line; NULL where the record's text is no array of JSON objects."""
    array = f"from_json(fields[{literal(lines.column)}], 'array<map<string,string>>')"
    texts = [f"{source_text(rule, f'{where}.{name}')} AS {name}" for name, rule in lines.columns.items()]
    return F.expr(f"transform({array}, fields -> struct({', '.join(texts)}))")


def line_values(lines: Lines, zone: str) -> Column:
    """The typed lines of a record with text_lines; a line without an id gets its number."""
    allowed = line_targets().columns

    def values(texts: Column, number: Column) -> Column:
        found = {name: F.lit(None).cast(column.type) for name, column in allowed.items()}
        for name, rule in lines.columns.items():
            found[name] = typed(texts[name], rule, allowed[name], zone, required=False).value
        found["line_id"] = F.coalesce(found["line_id"], _shown(number))
        return F.struct(*(value.alias(name) for name, value in found.items()))

    return F.transform("text_lines", values)


def line_fault(lines: Lines, zone: str) -> Column:
    """`lines[2].column: reason` of the first line that is not acceptable, in a record with text_lines and lines."""
    wanted = line_targets()

    def fault(texts: Column, values: Column) -> Column:
        return first_fault(
            [
                (name, typed(texts[name], rule, wanted.columns[name], zone, name in wanted.must_have, values.__getitem__).fault)
                for name, rule in lines.columns.items()
            ]
        )  # fmt: skip

    def repeated(line_id: Column, number: Column) -> Column:
        return F.when(F.array_position("lines.line_id", line_id) <= number, "line_id: duplicate_key")

    is_broken = (F.expr(trimmed(lines.column)) != "") & F.col("text_lines").isNull()
    return first_of(
        [
            F.when(is_broken, "lines: malformed"),
            _first(F.zip_with("text_lines", "lines", fault)),
            _first(F.transform("lines.line_id", repeated)),
        ]
    )


def _first(faults: Column) -> Column:
    """The first fault of lines that has one, after the line's number."""
    numbered = F.transform(
        faults, lambda fault, number: F.concat(F.lit("lines["), _shown(number), F.lit("]."), fault)
    )
    return F.get(F.array_compact(numbered), F.lit(0))


def _shown(number: Column) -> Column:
    """The number of a line, from 1."""
    return (number + 1).cast("string")
