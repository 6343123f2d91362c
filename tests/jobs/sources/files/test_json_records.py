"""JSON lines: every reader trap gives a row with a reason, and values keep their exact text."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

Read = Callable[..., list[dict[str, Any]]]


def test_each_line_is_a_record_with_its_position_text_and_hash(read: Read) -> None:
    rows = read(b'{"id":"a"}\n{"id":"b"}\r\n{"id":"c"}', kind="json")
    assert [(r["position"], r["raw_text"], r["fields"], r["problem"]) for r in rows] == [
        (1, '{"id":"a"}', {"id": "a"}, None),
        (2, '{"id":"b"}', {"id": "b"}, None),
        (3, '{"id":"c"}', {"id": "c"}, None),
    ]
    assert [r["content_hash"] for r in rows] == [sha256(b'{"id":"%c"}' % c).hexdigest() for c in b"abc"]
    assert [r["raw_bytes"] for r in rows] == [None, None, None]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b'{"id":', "malformed"),
        (b'{"id":1} {"id":2}', "malformed"),
        (b"[1,2]", "malformed"),
        (b'"text"', "malformed"),
        (b"NULL", "malformed"),
        (b'{"price":NaN}', "malformed"),
        (b'{"price":-Infinity}', "malformed"),
        (b'{"price":01}', "malformed"),
        (b'{"text":"\\ud800"}', "malformed"),
        (b'{"list":["\\udc00"]}', "malformed"),
        (b'{"a":' + b"[" * 100_000 + b"}", "malformed"),
        (b"", "blank_line"),
        (b" \t ", "blank_line"),
        (b'{"id":1,"id":2}', "duplicate_key"),
        (b'{"id":1,"id":1}', "duplicate_key"),
        (b'{"line":{"sku":1,"sku":2}}', "duplicate_key"),
    ],
)
def test_a_line_that_is_not_one_plain_object_is_kept_as_text_with_its_reason(
    read: Read, line: bytes, problem: str
) -> None:
    rows = read(b'{"id":"before"}\n' + line + b'\n{"id":"after"}\n', kind="json")
    assert [(r["position"], r["problem"]) for r in rows] == [(1, None), (2, problem), (3, None)]
    assert (rows[1]["raw_text"], rows[1]["fields"]) == (line.decode(), None)
    assert [rows[0]["fields"], rows[2]["fields"]] == [{"id": "before"}, {"id": "after"}]


def test_the_line_end_at_the_end_of_the_file_is_no_blank_line_but_a_second_one_is(read: Read) -> None:
    assert [r["problem"] for r in read(b'{"id":1}\n', kind="json")] == [None]
    assert [r["problem"] for r in read(b'{"id":1}\n\n', kind="json")] == [None, "blank_line"]
    assert read(b"", kind="json") == []


def test_bytes_that_are_not_utf8_are_kept_as_bytes(read: Read) -> None:
    rows = read(b'{"id":"a"}\n{"id":"\xff"}\n{"id":"c"}\n', kind="json")
    assert [r["problem"] for r in rows] == [None, "not_utf8", None]
    assert (rows[1]["raw_text"], rows[1]["raw_bytes"], rows[1]["fields"]) == (None, b'{"id":"\xff"}', None)
    assert rows[1]["content_hash"] == sha256(b'{"id":"\xff"}').hexdigest()


def test_values_of_an_unexpected_type_and_unknown_fields_are_left_to_the_mapping(read: Read) -> None:
    rows = read(b'{"id":"oops","amount":7.9,"new_field":true}\n', kind="json")
    assert rows[0]["fields"] == {"id": "oops", "amount": "7.9", "new_field": "true"}


def test_numbers_keep_the_text_in_which_they_were_written(read: Read) -> None:
    line = b'{"a":9223372036854775808,"b":0.10,"c":1E5,"d":-0,"e":12345678901234567890.123456789}'
    expected = {"a": "9223372036854775808", "b": "0.10", "c": "1E5", "d": "-0"}
    assert read(line, kind="json")[0]["fields"] == expected | {"e": "12345678901234567890.123456789"}


def test_a_null_is_absent_and_an_empty_text_is_not(read: Read) -> None:
    assert read(b'{"a":null,"b":"","c":false}', kind="json")[0]["fields"] == {"b": "", "c": "false"}


def test_nested_values_are_compact_json_with_exact_numbers_and_readable_text(read: Read) -> None:
    line = '{"n":1,"lines":[{"sku":"é\\"中","price":1.50,"gift":null}, "2", 2, true],"empty":{},"none":[]}'
    assert read(line.encode(), kind="json")[0]["fields"] == {
        "n": "1",
        "lines": '[{"sku":"é\\"中","price":1.50,"gift":null},"2",2,true]',
        "empty": "{}",
        "none": "[]",
    }


def test_a_surrogate_pair_is_one_character(read: Read) -> None:
    assert read(b'{"a":"\\ud83d\\ude00"}', kind="json")[0]["fields"] == {"a": "\U0001f600"}


def test_a_byte_order_mark_is_no_part_of_the_first_record(read: Read) -> None:
    rows = read(b'\xef\xbb\xbf{"id":"a"}\n', kind="json")
    assert [(r["fields"], r["raw_text"]) for r in rows] == [({"id": "a"}, '{"id":"a"}')]


def test_records_keep_their_order_and_positions_over_many_batches(read: Read) -> None:
    rows = read(b"".join(b'{"id":%d}\n' % n for n in range(1, 45_001)), kind="json")
    assert [r["position"] for r in rows] == list(range(1, 45_001))
    assert [int(r["fields"]["id"]) for r in rows] == list(range(1, 45_001))
