"""Compression follows from the name; a file that is not whole gives one row and no partial records."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pyarrow as pa
import pytest

Read = Callable[..., list[dict[str, Any]]]
CONTENT = b"".join(b'{"id":%d}\n' % n for n in range(5_000))


def zstd(data: bytes) -> bytes:
    """One zstd frame."""
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    return sink.getvalue().to_pybytes()


COMPRESS = [(".gz", gzip.compress), (".bz2", bz2.compress), (".zst", zstd)]


@pytest.mark.parametrize(("suffix", "compress"), COMPRESS)
def test_a_compressed_file_gives_the_records_of_its_content(
    read: Read, suffix: str, compress: Callable[[bytes], bytes]
) -> None:
    assert read(compress(CONTENT), f"log.json{suffix}", kind="json") == read(CONTENT, "log.json", kind="json")


@pytest.mark.parametrize(("suffix", "compress"), COMPRESS)
def test_compressed_parts_that_follow_each_other_are_read_to_the_end(
    read: Read, suffix: str, compress: Callable[[bytes], bytes]
) -> None:
    rows = read(compress(b'{"id":1}\n') + compress(b'{"id":2}\n'), f"log{suffix}", kind="json")
    assert [r["fields"] for r in rows] == [{"id": "1"}, {"id": "2"}]


@pytest.mark.parametrize("share", [0.5, 0.999, 0.0])
@pytest.mark.parametrize(("suffix", "compress"), COMPRESS)
def test_a_file_cut_short_is_one_unreadable_row_without_partial_records(
    read: Read, suffix: str, compress: Callable[[bytes], bytes], share: float
) -> None:
    whole = compress(CONTENT)
    cut = whole[: int(len(whole) * share)]
    assert read(cut, f"log.json{suffix}", kind="json") == [
        {
            "position": 0,
            "raw_text": None,
            "raw_bytes": None,
            "fields": None,
            "problem": "unreadable_file",
            "content_hash": sha256(cut).hexdigest(),
        }
    ]


def test_a_damaged_byte_within_a_gzip_file_is_noticed(read: Read) -> None:
    data = bytearray(gzip.compress(CONTENT))
    data[-6] ^= 0xFF
    assert [r["problem"] for r in read(bytes(data), "log.gz", kind="json")] == ["unreadable_file"]


def test_a_file_named_gz_that_is_not_compressed_is_unreadable(read: Read) -> None:
    assert [r["problem"] for r in read(CONTENT, "log.gz", kind="json")] == ["unreadable_file"]
