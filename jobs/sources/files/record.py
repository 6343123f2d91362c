"""What a reader of lines gives: one tuple per record."""

from __future__ import annotations

Record = tuple[bytes, str | None, dict[str, str] | None, str | None]
"""Bytes as received without the line end; text, None where not decodable; fields and problem: exactly one is None."""


def without_line_end(line: bytes) -> bytes:
    """A line without its `\\n` or `\\r\\n`."""
    return line.removesuffix(b"\n").removesuffix(b"\r")
