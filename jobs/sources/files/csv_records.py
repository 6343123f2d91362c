"""Records of text files with a delimiter, with blanks or with fixed widths between columns.

Column names come from the header, or from the mapping for files without one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from itertools import accumulate

from conf.mapping import FileFormat
from jobs.sources.files.content import Unreadable, is_wide
from jobs.sources.files.record import Record, without_line_end


class _Malformed(ValueError):
    """A quoted field is not closed, or text follows its closing quote."""


class _Lines:
    """The lines of a file, one record at a time.

    A record begins with `first`; a quoted field that holds line ends asks for `more` lines. If such a record turns out
    to be broken, `back` returns to its second line, so that only its first line is lost.

    Attributes:
        raw: the lines of the current record as bytes.
        is_text: all lines of the current record could be decoded.
    """

    def __init__(self, data: bytes, encoding: str) -> None:
        self._stream = io.BytesIO(data)
        self._encoding = encoding
        self._second = 0
        self.raw: list[bytes] = []
        self.is_text = True

    def first(self) -> str | None:
        """The first line of the next record; None at the end of the file."""
        line = self._stream.readline()
        self._second = self._stream.tell()
        self.raw, self.is_text = [], True
        return self._decoded(line) if line else None

    def more(self) -> str:
        """The next line of a quoted field that is still open.

        Raises:
            _Malformed: the file has ended.
        """
        if not (line := self._stream.readline()):
            raise _Malformed
        return self._decoded(line)

    def back(self) -> None:
        """Return all lines of the record but the first one, to be read as records of their own."""
        self._stream.seek(self._second)
        first = self.raw[0]
        self.raw, self.is_text = [], True
        self._decoded(first)

    def _decoded(self, line: bytes) -> str:
        self.raw.append(line)
        try:
            return line.decode(self._encoding)
        except UnicodeError:
            self.is_text = False
            return line.decode(self._encoding, "replace")


Cut = Callable[[str, _Lines], list[str]]
"""Cuts a record, given by its first line, into values; takes more lines as it needs them."""


def csv_records(data: bytes, form: FileFormat, encoding: str) -> Iterator[Record]:
    """One record per line; a record whose quoted field holds line ends has several lines.

    Raises:
        Unreadable: the header cannot be decoded, is blank or is malformed.
    """
    lines, cut = _Lines(data, encoding), _cutter(form)
    names = _header(lines, cut) if form.header else list(form.names)
    while True:
        values, problem = _next(lines, cut)
        if not lines.raw:
            return
        raw = without_line_end(lines.raw[0] if len(lines.raw) == 1 else b"".join(lines.raw))
        if values is not None and len(values) != len(names):
            problem = "too_few_fields" if len(values) < len(names) else "too_many_fields"
        text = raw.decode(encoding) if lines.is_text else None
        yield raw, text, dict(zip(names, values or (), strict=True)) if problem is None else None, problem


def header(data: bytes, form: FileFormat) -> list[str]:
    """The column names of a file.

    Args:
        data: the beginning of the file, as `content.beginning` gives it.

    Raises:
        Unreadable: the header cannot be decoded, is blank or is malformed.
    """
    encoding = "utf-8" if is_wide(form.encoding) else form.encoding
    return _header(_Lines(data, encoding), _cutter(form))


def _header(lines: _Lines, cut: Cut) -> list[str]:
    names, problem = _next(lines, cut)
    if problem is not None:
        raise Unreadable(f"header: {problem}")
    return _unique(names or [])


def _next(lines: _Lines, cut: Cut) -> tuple[list[str] | None, str | None]:
    """(values, None) or (None, problem) of the next record; (None, None) at the end of the file."""
    text = lines.first()
    if text is None:
        return None, None
    if lines.is_text and not text.strip():
        return None, "blank_line"
    values = None
    try:
        values = cut(text, lines)
    except _Malformed:
        lines.back()
    if not lines.is_text:
        return None, "not_utf8"
    return values, "malformed" if values is None else None


def _unique(names: list[str]) -> list[str]:
    """Header names without surrounding blanks; further columns of the same name get `#2`, `#3`, …"""
    taken: list[str] = []
    for name in (name.strip() for name in names):
        count = 1
        while (name if count == 1 else f"{name}#{count}") in taken:
            count += 1
        taken.append(name if count == 1 else f"{name}#{count}")
    return taken


def _cutter(form: FileFormat) -> Cut:
    if form.widths:
        return _fixed(form.widths)
    if form.delimiter == "blanks":
        return _blanks(form.quote)
    return _delimited(form.delimiter, form.quote)


def _fixed(widths: tuple[int, ...]) -> Cut:
    """Cut by fixed widths; a line may be too short, because trailing blanks are often left out."""
    ends = list(accumulate(widths))
    starts = [0, *ends[:-1]]

    def cut(text: str, _: _Lines) -> list[str]:
        body = text.rstrip("\r\n")
        values = [
            body[start:end].strip() for start, end in zip(starts, ends, strict=True) if start <= len(body)
        ]
        return values if len(body.rstrip()) <= ends[-1] else [*values, body[ends[-1] :]]

    return cut


def _blanks(quote: str) -> Cut:
    """Cut at blanks outside of quotes; a quoted field must end on the same line."""
    q = re.escape(quote)
    field = rf"{q}((?:[^{q}]|{q}{q})*){q}|([^\s{q}]\S*)" if quote else r"()(\S+)"
    token = re.compile(rf"(?:{field})(?:\s+|$)")

    def cut(text: str, _: _Lines) -> list[str]:
        body = text.strip()
        if not quote or quote not in body:
            return body.split()
        values, at = [], 0
        while at < len(body):
            match = token.match(body, at)
            if match is None:
                raise _Malformed
            values.append(match[2] if match[1] is None else match[1].replace(quote * 2, quote))
            at = match.end()
        return values

    return cut


def _delimited(delimiter: str, quote: str) -> Cut:
    """Cut at a delimiter, of one or several characters, outside of quotes."""
    width = len(delimiter)

    def cut(text: str, lines: _Lines) -> list[str]:
        if not quote or quote not in text:
            return _body(text).split(delimiter)
        values: list[str] = []
        at = 0
        while True:
            if text.startswith(quote, at):
                value, text, at = _quoted(text, at + 1, quote, lines)
                values.append(value)
                body = _body(text)
                if at >= len(body):
                    return values
                if not body.startswith(delimiter, at):
                    raise _Malformed
            else:
                body = _body(text)
                at, start = body.find(delimiter, at), at
                values.append(body[start:] if at < 0 else body[start:at])
                if at < 0:
                    return values
            at += width

    return cut


def _body(text: str) -> str:
    return text.removesuffix("\n").removesuffix("\r")


def _quoted(text: str, at: int, quote: str, lines: _Lines) -> tuple[str, str, int]:
    """(value of the quoted field that begins at `at`, line on which it ends, index after its closing quote)."""
    parts = []
    while (end := _closing(text, at, quote)) < 0:
        parts.append(text[at:])
        text, at = lines.more(), 0
    parts.append(text[at:end])
    return "".join(parts).replace(quote * 2, quote), text, end + 1


def _closing(text: str, at: int, quote: str) -> int:
    while (at := text.find(quote, at)) >= 0 and text.startswith(quote, at + 1):
        at += 2
    return at
