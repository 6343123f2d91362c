"""The content of a landed file: decompressed, without byte order mark, in lines that end in a line feed."""

from __future__ import annotations

import codecs

import pyarrow as pa

_CODECS = {".gz": "gzip", ".zst": "zstd", ".bz2": "bz2"}
_BEGINNING = 1 << 18


class Unreadable(Exception):
    """A file cannot be decompressed or decoded to its end."""


def plain(data: bytes, file: str, encoding: str) -> bytes:
    """The content of a file, decompressed and without byte order mark; UTF-16 and UTF-32 become UTF-8.

    Raises:
        Unreadable: the compressed data is truncated or corrupt, or UTF-16 or UTF-32 text cannot be decoded.
    """
    codec = _codec(file)
    if codec is not None:
        data = _decompress(data, codec)
    return _narrow(data, encoding, is_whole=True)


def beginning(path: str, encoding: str) -> bytes:
    """The first bytes of a file in the form that `plain` gives.

    Raises:
        Unreadable: as for `plain`, or the file cannot be opened.
    """
    try:
        with pa.input_stream(path, compression=_codec(path)) as stream:
            data = bytes(stream.read(_BEGINNING))
    except OSError as error:
        raise Unreadable(str(error)) from error
    return _narrow(data, encoding, is_whole=False)


def _codec(file: str) -> str | None:
    return next((name for suffix, name in _CODECS.items() if file.endswith(suffix)), None)


def _narrow(data: bytes, encoding: str, is_whole: bool) -> bytes:
    if is_wide(encoding):
        try:
            data = codecs.getincrementaldecoder(encoding)().decode(data, is_whole).encode()
        except UnicodeError as error:
            raise Unreadable(str(error)) from error
    data = data.removeprefix(codecs.BOM_UTF8)
    return data if b"\n" in data else data.replace(b"\r", b"\n")


def _decompress(data: bytes, codec: str) -> bytes:
    if not data:
        raise Unreadable("a compressed file is never empty")
    try:
        with pa.CompressedInputStream(pa.py_buffer(data), codec) as stream:
            return bytes(stream.read())
    except OSError as error:
        raise Unreadable(str(error)) from error


def is_wide(encoding: str) -> bool:
    """True for encodings in which a line end has several bytes; such files are decoded before they are cut into lines."""
    return len("\n".encode(encoding)) > 1
