"""Columns of text are the bytes of a file."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from jobs.dev.demo.lines import NONE, coded, content, epoch, iso, joined, json_texts, money, named


def test_lines_run_together_are_the_file() -> None:
    lines = joined('{"n":', np.array([1, 20]), ',"name":', json_texts(pa.array(["a", None])), "}\n")
    assert content(lines) == b'{"n":1,"name":"a"}\n{"n":20,"name":null}\n'


def test_a_slice_of_lines_is_only_its_own_bytes_and_no_lines_are_no_bytes() -> None:
    lines = joined(np.array([1, 22, 333]), "\n")
    assert (content(lines.slice(1, 1)), content(lines[:0]), content(lines.slice(2))) == (
        b"22\n",
        b"",
        b"333\n",
    )


def test_numbers_and_codes_of_nothing_are_null() -> None:
    assert named("u", np.array([7, NONE])).to_pylist() == ["u7", None]
    assert coded(np.array([1, NONE], np.int8), ("a", "b")).to_pylist() == ["b", None]


def test_money_has_two_places_and_times_are_iso() -> None:
    assert money(np.array([5, 1230])).to_pylist() == ["0.05", "12.30"]
    second = epoch(date(2026, 3, 1)) + 3661
    assert iso(np.array([second]), "s", "+08:00").to_pylist() == ["2026-03-01T01:01:01+08:00"]
    assert iso(np.array([second * 1000 + 7]), "ms", "Z").to_pylist() == ["2026-03-01T01:01:01.007Z"]
