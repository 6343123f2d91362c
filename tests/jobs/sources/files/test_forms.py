"""The same events in every form in which shops land files: found by their day, read to the same fields."""

from __future__ import annotations

import bz2
import gzip
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from jobs.sources.files.landing import landed
from jobs.sources.files.records import read_file_records

from .conftest import Deploy

NAMES = ("user", "at", "what", "scene", "tool", "item")
EVENTS = (
    ("u1", "2026-03-01T01:00:00Z", "view", "首页", "-", "i,1"),
    ("u2", "2026-03-01T16:30:00Z", "click", "搜索", "coupon", 'i"2'),
    ("u3", "2026-03-02T01:00:00.250Z", "show", "-", "-", "i;3"),
)
WIDTHS = (4, 26, 8, 4, 8, 5)
NO_HEADER = {"header": False, "names": list(NAMES)}
Land = Callable[[str, bytes], Path]


def _csv(delimiter: str = ",", quote: str = '"', end: str = "\n", header: bool = True) -> str:
    def cell(text: str) -> str:
        if not quote or not (delimiter in text or quote in text):
            return text
        return quote + text.replace(quote, quote * 2) + quote

    lines = [NAMES, *EVENTS] if header else EVENTS
    return "".join(delimiter.join(map(cell, line)) + end for line in lines)


def _json(end: str = "\n") -> bytes:
    rows = (json.dumps(dict(zip(NAMES, row, strict=True)), ensure_ascii=False) for row in EVENTS)
    return "".join(row + end for row in rows).encode()


def _zstd(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    return sink.getvalue().to_pybytes()


BLANKS = "".join("  \t".join('"' + v.replace('"', '""') + '"' for v in row) + "\n" for row in EVENTS)
FIXED = "".join("".join(v.ljust(w) for v, w in zip(row, WIDTHS, strict=True)) + "\n" for row in EVENTS)
FORMS: dict[str, tuple[str, str, bytes, dict[str, Any]]] = {
    "comma": ("{date}.csv", "2026-03-02.csv", _csv().encode(), {"kind": "csv"}),
    "lines_and_mark_of_windows": (
        "{date}.csv", "2026-03-02.csv", _csv(end="\r\n").encode("utf-8-sig"), {"kind": "csv"},
    ),
    "semicolon": ("{date}.csv", "2026-03-02.csv", _csv(";").encode(), {"kind": "csv", "delimiter": ";"}),
    "tab_without_quotes": (
        "{date}.tsv", "2026-03-02.tsv", _csv("\t", "").encode(), {"kind": "csv", "delimiter": "\t", "quote": ""},
    ),
    "several_characters": (
        "{date}.csv", "2026-03-02.csv", _csv("||").encode(), {"kind": "csv", "delimiter": "||"},
    ),
    "other_quote": ("{date}.csv", "2026-03-02.csv", _csv(quote="'").encode(), {"kind": "csv", "quote": "'"}),
    "control_character": (
        "{date}.csv", "2026-03-02.csv", _csv("\x01").encode(), {"kind": "csv", "delimiter": "\x01"},
    ),
    "gbk": (
        "{date}.csv", "2026-03-02.csv", _csv("|").encode("gbk"), {"kind": "csv", "delimiter": "|", "encoding": "gbk"},
    ),
    "utf16": ("{date}.csv", "2026-03-02.csv", _csv().encode("utf-16"), {"kind": "csv", "encoding": "utf-16"}),
    "given_names": ("{date}.csv", "2026-03-02.csv", _csv(header=False).encode(), {"kind": "csv", **NO_HEADER}),
    "runs_of_blanks": (
        "{date}.log", "2026-03-02.log", BLANKS.encode(), {"kind": "csv", "delimiter": "blanks", **NO_HEADER},
    ),
    "fixed_widths": (
        "{date}.txt", "2026-03-02.txt", FIXED.encode(), {"kind": "csv", "widths": list(WIDTHS), **NO_HEADER},
    ),
    "json_lines": ("{date}.jsonl", "2026-03-02.jsonl", _json(), {"kind": "json"}),
    "gzip": ("{date}.jsonl.gz", "2026-03-02.jsonl.gz", gzip.compress(_json()), {"kind": "json"}),
    "bzip2": ("{date}.jsonl.bz2", "2026-03-02.jsonl.bz2", bz2.compress(_json("\r\n")), {"kind": "json"}),
    "zstd": ("{date}.csv.zst", "2026-03-02.csv.zst", _zstd(_csv().encode()), {"kind": "csv"}),
    "dated_folder": ("dt={date}/*.csv", "dt=2026-03-02/part-0.csv", _csv().encode(), {"kind": "csv"}),
    "dated_folders": ("{date:%Y/%m/%d}/*.csv", "2026/03/02/part-0.csv", _csv().encode(), {"kind": "csv"}),
    "dated_name": ("app_{date:%Y%m%d}.csv", "app_20260302.csv", _csv().encode(), {"kind": "csv"}),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_records(deploy: Deploy, land: Land, form: str) -> None:
    pattern, file, data, declared = FORMS[form]
    settings = deploy(log=(pattern, declared, {"calendar": "daily"}, ()))
    path = land(file, data)
    (found,) = landed(settings)
    assert (found.file, found.landing_date) == (file, date(2026, 3, 2))
    batches = read_file_records(path.read_bytes(), found.file, settings.sources["shop"].inputs["log"].format)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert [(row["position"], row["problem"]) for row in rows] == [(1, None), (2, None), (3, None)]
    assert [dict(row["fields"]) for row in rows] == [dict(zip(NAMES, row, strict=True)) for row in EVENTS]


def test_one_file_with_the_whole_history_arrives_with_its_last_day(deploy: Deploy, land: Land) -> None:
    settings = deploy(
        log=("history.csv", {"kind": "csv"}, {"complete_through": date(2026, 3, 9)}, ("activity", "users"))
    )
    land("history.csv", _csv().encode())
    assert [(found.file, found.landing_date) for found in landed(settings)] == [
        ("history.csv", date(2026, 3, 9))
    ]
