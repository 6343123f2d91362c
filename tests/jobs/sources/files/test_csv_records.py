"""Delimited, blank-separated and fixed-width text: values by name, nothing swallowed, every reason."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

Read = Callable[..., list[dict[str, Any]]]


def seen(rows: list[dict[str, Any]]) -> list[dict[str, str] | str]:
    """Fields of each record, or its problem."""
    return [row["problem"] or row["fields"] for row in rows]


def test_the_header_is_no_record_and_positions_begin_after_it(read: Read) -> None:
    rows = read(b"id,name\n1,Ann\r\n2,\n3,Bo", kind="csv")
    assert [(r["position"], r["raw_text"]) for r in rows] == [(1, "1,Ann"), (2, "2,"), (3, "3,Bo")]
    assert seen(rows) == [{"id": "1", "name": "Ann"}, {"id": "2", "name": ""}, {"id": "3", "name": "Bo"}]


def test_columns_in_another_order_give_the_same_values_by_name(read: Read) -> None:
    first = read(b"id,name,city\n1,Ann,Rome\n", kind="csv")
    second = read(b"city,id,name\nRome,1,Ann\n", kind="csv")
    assert seen(first) == seen(second) == [{"id": "1", "name": "Ann", "city": "Rome"}]


def test_too_few_and_too_many_fields_are_reasons(read: Read) -> None:
    rows = read(b"id,name\n1\n2,Ann,extra\n3,Bo\n", kind="csv")
    assert seen(rows) == ["too_few_fields", "too_many_fields", {"id": "3", "name": "Bo"}]
    assert [r["raw_text"] for r in rows] == ["1", "2,Ann,extra", "3,Bo"]
    assert rows[0]["fields"] is None


def test_a_blank_line_is_a_record_and_the_last_line_end_is_not(read: Read) -> None:
    assert seen(read(b"id\n1\n\n \t\n2\n", kind="csv")) == [
        {"id": "1"},
        "blank_line",
        "blank_line",
        {"id": "2"},
    ]


def test_a_quoted_field_may_hold_delimiters_quotes_and_line_ends(read: Read) -> None:
    rows = read(b'id,text\n1,"a,b"\n2,"say ""hi"""\n3,"one\r\n\ntwo"\n4,""\n', kind="csv")
    assert [r["fields"]["text"] for r in rows] == ["a,b", 'say "hi"', "one\r\n\ntwo", ""]
    assert [r["position"] for r in rows] == [1, 2, 3, 4]
    assert rows[2]["content_hash"] == sha256(b'3,"one\r\n\ntwo"').hexdigest()


def test_several_multi_line_fields_of_one_record_are_kept_apart(read: Read) -> None:
    rows = read(b'a,b,c\n"1\n2","3\n4",5\n6,7,8\n', kind="csv")
    assert seen(rows) == [{"a": "1\n2", "b": "3\n4", "c": "5"}, {"a": "6", "b": "7", "c": "8"}]


def test_a_quote_that_never_ends_costs_its_own_line_only(read: Read) -> None:
    rows = read(b'id,text\n1,ok\n2,"open\n3,fine\n4,fine\n', kind="csv")
    good = [{"id": n, "text": t} for n, t in (("1", "ok"), ("3", "fine"), ("4", "fine"))]
    assert seen(rows) == [good[0], "malformed", good[1], good[2]]
    assert rows[1]["raw_text"] == '2,"open'


def test_a_quote_that_seems_to_end_in_a_later_good_record_costs_its_own_line_only(read: Read) -> None:
    rows = read(b'id,text\n1,"open\n2,plain\n3,"good"\n', kind="csv")
    assert seen(rows) == ["malformed", {"id": "2", "text": "plain"}, {"id": "3", "text": "good"}]


def test_an_open_quote_on_the_last_line_is_malformed(read: Read) -> None:
    assert seen(read(b'id\n1\n"2', kind="csv")) == [{"id": "1"}, "malformed"]


def test_text_after_a_closing_quote_is_malformed_and_a_quote_within_a_plain_field_is_text(read: Read) -> None:
    rows = read(b'id,text\n1,"a"b\n2,5" disk\n', kind="csv")
    assert seen(rows) == ["malformed", {"id": "2", "text": '5" disk'}]


def test_a_million_lines_after_an_open_quote_are_read_in_linear_time(read: Read) -> None:
    rows = read(b'id,text\n0,"open\n' + b'1,"a ""b"" c"\n' * 20_000 + b"2,end\n", kind="csv")
    assert len(rows) == 20_002
    assert [rows[0]["problem"], rows[1]["fields"], rows[-1]["fields"]] == [
        "malformed",
        {"id": "1", "text": 'a "b" c'},
        {"id": "2", "text": "end"},
    ]


def test_undecodable_bytes_are_kept_as_bytes_and_spoil_no_other_record(read: Read) -> None:
    rows = read(b'id,text\n1,\xe9\n2,"a\n\xff"\n3,ok\n', kind="csv")
    assert seen(rows) == ["not_utf8", "not_utf8", {"id": "3", "text": "ok"}]
    assert [(r["raw_text"], r["raw_bytes"]) for r in rows] == [
        (None, b"1,\xe9"),
        (None, b'2,"a\n\xff"'),
        ("3,ok", None),
    ]


def test_undecodable_bytes_after_an_open_quote_spoil_their_own_line_only(read: Read) -> None:
    rows = read(b'id,text\n1,"open\n2,\xff\n3,ok\n', kind="csv")
    assert seen(rows) == ["malformed", "not_utf8", {"id": "3", "text": "ok"}]
    assert rows[0]["raw_text"] == '1,"open'


def test_gbk_is_read_by_characters_so_that_a_second_byte_is_never_a_delimiter(read: Read) -> None:
    text = "编号|城市\n1|亅東\n2|北京\n"  # the second byte of 亅 is 0x7C, the delimiter
    data = text.encode("gbk")
    assert data.count(b"|") > text.count("|")
    rows = read(data + b"3|\xff\n", kind="csv", delimiter="|", encoding="gbk")
    assert seen(rows) == [{"编号": "1", "城市": "亅東"}, {"编号": "2", "城市": "北京"}, "not_utf8"]
    assert rows[0]["content_hash"] == sha256("1|亅東".encode("gbk")).hexdigest()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1", "utf-8-sig", "gb18030"])
def test_every_encoding_gives_the_same_records(read: Read, encoding: str) -> None:
    rows = read("id,name\r\n1,Zoë\r\n".encode(encoding), kind="csv", encoding=encoding)
    assert seen(rows) == [{"id": "1", "name": "Zoë"}]


def test_a_byte_order_mark_is_no_part_of_the_first_name(read: Read) -> None:
    assert seen(read(b"\xef\xbb\xbfid,name\n1,Ann\n", kind="csv")) == [{"id": "1", "name": "Ann"}]


@pytest.mark.parametrize("delimiter", [";", "\t", "|", "^", ".", "\x01", "§", "||", "::", "|~|", "\x01§"])
def test_any_characters_may_be_the_delimiter(read: Read, delimiter: str) -> None:
    data = f'a{delimiter}b\n1{delimiter}"x{delimiter}y"\n'.encode()
    assert seen(read(data, kind="csv", delimiter=delimiter)) == [{"a": "1", "b": f"x{delimiter}y"}]


def test_a_delimiter_of_several_characters_is_one_only_as_a_whole_and_outside_quotes(read: Read) -> None:
    rows = read(b'a||b||c\n1|2||"x||\n||""y"||\n3||"4"|5||6\n|||7||"8"\n', kind="csv", delimiter="||")
    assert seen(rows) == [
        {"a": "1|2", "b": 'x||\n||"y', "c": ""},
        "malformed",
        {"a": "", "b": "|7", "c": "8"},
    ]
    assert rows[0]["raw_text"] == '1|2||"x||\n||""y"||'


def test_another_quote_or_none_leaves_double_quotes_as_text(read: Read) -> None:
    assert seen(read(b"a,b\n'x,y',\"\n", kind="csv", quote="'")) == [{"a": "x,y", "b": '"'}]
    assert seen(read(b'a,b\n"x,y"\n', kind="csv", quote="")) == [{"a": '"x', "b": 'y"'}]


def test_runs_of_blanks_separate_fields_and_quotes_hold_them_together(read: Read) -> None:
    data = b'10.0.0.1  -\t200\n  10.0.0.2 "GET /a ""b""" 404 \n10.0.0.3 - "open\n10.0.0.4 -\n'
    names = ("ip", "request", "status")
    rows = read(data, kind="csv", delimiter="blanks", header=False, names=names)
    assert seen(rows) == [
        {"ip": "10.0.0.1", "request": "-", "status": "200"},
        {"ip": "10.0.0.2", "request": 'GET /a "b"', "status": "404"},
        "malformed",
        "too_few_fields",
    ]


def test_fixed_widths_count_characters_and_may_end_within_the_last_column(read: Read) -> None:
    data = "中文 00042Rome  \nabc 7    Oslo\nab\nabc 7    Oslo  !\n".encode()
    rows = read(data, kind="csv", widths=(4, 5, 6), header=False, names=("name", "n", "city"))
    assert seen(rows) == [
        {"name": "中文 0", "n": "0042R", "city": "ome"},
        {"name": "abc", "n": "7", "city": "Oslo"},
        "too_few_fields",
        "too_many_fields",
    ]


def test_a_file_without_header_takes_the_given_names_and_loses_no_first_line(read: Read) -> None:
    rows = read(b"1,Ann\n2,Bo\n", kind="csv", header=False, names=("id", "name"))
    assert seen(rows) == [{"id": "1", "name": "Ann"}, {"id": "2", "name": "Bo"}]
    assert [r["position"] for r in rows] == [1, 2]


def test_a_name_that_stands_twice_in_the_header_keeps_both_columns(read: Read) -> None:
    assert seen(read(b"id, id,,\n1,2,3,4\n", kind="csv")) == [{"id": "1", "id#2": "2", "": "3", "#2": "4"}]


@pytest.mark.parametrize("header", [b"\xff,b\n", b'"a,b\n', b"\n"])
def test_a_file_whose_header_cannot_be_read_is_one_unreadable_row(read: Read, header: bytes) -> None:
    rows = read(header + b"1,2\n", kind="csv")
    assert [(r["position"], r["problem"]) for r in rows] == [(0, "unreadable_file")]


def test_old_line_ends_of_one_carriage_return_are_line_ends(read: Read) -> None:
    assert seen(read(b"id\r1\r2\r", kind="csv")) == [{"id": "1"}, {"id": "2"}]


def test_a_file_of_a_header_only_or_of_nothing_has_no_records(read: Read) -> None:
    assert read(b"id,name\n", kind="csv") == []
    assert read(b"", kind="csv") == []
