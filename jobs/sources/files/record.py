"""One record of a text file, as the readers of CSV and JSON return it."""

from __future__ import annotations

Record = tuple[bytes, str | None, dict[str, str] | None, str | None]
"""(bytes without the line end, text or None if it cannot be decoded, fields, problem); of the last two exactly one is None."""


def without_line_end(line: bytes) -> bytes:
    """A line without its `\\n` or `\\r\\n`."""
    return line.removesuffix(b"\n").removesuffix(b"\r")
