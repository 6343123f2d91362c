"""Zones, and the forms in which records give times, as settings and mappings name them."""

from __future__ import annotations

import re
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator


def _valid_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(f"{value!r} is no IANA time zone")
    return value


def _without_quoted(pattern: str) -> str:
    return re.sub("'[^']*'", "", pattern)


def says_zone(pattern: str) -> bool:
    """True where a date-time pattern reads a zone or an offset; a quoted 'Z' is ISO's word for UTC."""
    return "'Z'" in pattern or any(letter in _ZONE_LETTERS for letter in _without_quoted(pattern))


def _valid_time(value: str) -> str:
    """A pattern that names no day would give an instant of the year 1970."""
    bare = _without_quoted(value)
    unknown = sorted({letter for letter in bare if letter.isalpha() and letter not in _PATTERN_LETTERS})
    if value not in (ISO, *EPOCHS) and (unknown or "'" in bare):
        raise ValueError(
            f"{value!r} is none of {ISO}, {', '.join(EPOCHS)} or a pattern such as dd/MM/yyyy HH:mm; "
            f"not allowed: {', '.join(unknown) or 'a quote that never ends'}"
        )
    if value not in (ISO, *EPOCHS) and not re.search("(?=.*y)(?=.*D|.*[ML].*d|.*d.*[ML])", bare):
        raise ValueError(f"{value!r} does not say year, month and day")
    return value


ISO = "iso"
EPOCHS = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}
"""Form of a time → microseconds of its unit."""
_ZONE_LETTERS = "VzOXxZ"
_PATTERN_LETTERS = "GyMLdEFDahKkHmsS" + _ZONE_LETTERS  # Spark refuses the week-based ones
Zone = Annotated[str, AfterValidator(_valid_zone)]
Time = Annotated[str, AfterValidator(_valid_time)]
