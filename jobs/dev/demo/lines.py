"""Lines of text, built column by column with Arrow.

The buffer of an Arrow array of lines that end in a line feed is already the content of a file, so that writing it costs
no loop over lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

AnyInts = npt.NDArray[np.integer]
NONE = -1
"""Means "no value" in arrays of user numbers, codes, days and chains."""
LinePart: TypeAlias = str | AnyInts | pa.Array


def joined(*parts: LinePart) -> pa.Array:
    """Lines made of parts, joined without separator; a text is repeated in every line, numbers become digits."""
    columns = [part if isinstance(part, str) else _texts(part) for part in parts]
    return pc.binary_join_element_wise(*columns, "")


def _texts(part: AnyInts | pa.Array) -> pa.Array:
    return part if isinstance(part, pa.Array) else pa.array(part).cast(pa.string())


def content(lines: pa.Array) -> bytes:
    """All lines, one after the other, as bytes."""
    if not len(lines):
        return b""
    offsets = np.frombuffer(lines.buffers()[1], dtype=np.int32)
    first, last = offsets[lines.offset], offsets[lines.offset + len(lines)]
    return lines.buffers()[2][int(first) : int(last)].to_pybytes()


def named(prefix: str, numbers: AnyInts) -> pa.Array:
    """`u17` for 17 and the prefix u; NULL for NONE."""
    values = pa.array(numbers, mask=numbers == NONE)
    return pc.binary_join_element_wise(prefix, values.cast(pa.string()), "")


def coded(codes: npt.NDArray[np.int8], names: Sequence[str]) -> pa.DictionaryArray:
    """The names of codes; NULL for NONE."""
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes == NONE), pa.array(names))


def json_texts(values: pa.Array) -> pa.Array:
    """JSON strings of plain texts; `null` for NULL."""
    plain = values.cast(pa.string()) if isinstance(values, pa.DictionaryArray) else values
    return pc.fill_null(pc.binary_join_element_wise('"', plain, '"', ""), "null")


def iso(instants: AnyInts, unit: str, offset: str) -> pa.Array:
    """Instants, in seconds or milliseconds since 1970, as ISO text; the offset is only appended, not applied."""
    at = pa.array(instants).cast(pa.timestamp(unit))
    time = at.cast(pa.time32(unit)).cast(pa.string())
    return joined(at.cast(pa.date32()).cast(pa.string()), "T", time, offset)


def money(cents: AnyInts) -> pa.Array:
    """Cents as a decimal text."""
    rest = pc.utf8_lpad(pa.array(cents % 100).cast(pa.string()), width=2, padding="0")
    return joined(cents // 100, ".", rest)


def epoch(start: date) -> int:
    """Seconds since 1970 of the first midnight, as if it were UTC."""
    return int(datetime(start.year, start.month, start.day, tzinfo=UTC).timestamp())
