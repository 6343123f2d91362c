"""Fixtures of the ingest tests: one file's records as dicts, and a deployment written as real YAML."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from conf.mapping import FileFormat
from conf.settings import Settings, load
from jobs.sources.files.records import read_file_records

Read = Callable[..., list[dict[str, Any]]]
Deploy = Callable[..., Settings]


@pytest.fixture
def read() -> Read:
    """Records of the bytes of one file; `fields` as a dict."""

    def records(data: bytes, file: str = "log", **form: Any) -> list[dict[str, Any]]:
        rows = [
            row for batch in read_file_records(data, file, FileFormat(**form)) for row in batch.to_pylist()
        ]
        return [row | {"fields": None if row["fields"] is None else dict(row["fields"])} for row in rows]

    return records


@pytest.fixture
def deploy(tmp_path: Path) -> Deploy:
    """Settings of a source `shop` whose files lie in <tmp>/landing.

    Each input is name=(path, form, delivery, kinds of the feeds that read it).
    """

    def settings(**inputs: tuple[str, dict[str, Any], dict[str, Any], tuple[str, ...]]) -> Settings:
        (tmp_path / "landing").mkdir(exist_ok=True)
        (tmp_path / "conf" / "sources").mkdir(parents=True, exist_ok=True)
        mapping = {
            "title": "A shop",
            "root": str(tmp_path / "landing"),
            "zone": "UTC",
            "inputs": {n: {"path": p, "format": f, "delivery": d} for n, (p, f, d, _) in inputs.items()},
            "feeds": {
                f"{name}_{kind}": {"kind": kind, "input": name, "key": "position", "columns": {}}
                for name, (_, _, _, kinds) in inputs.items()
                for kind in kinds
            },
        }
        (tmp_path / "conf" / "sources" / "shop.yml").write_text(yaml.safe_dump(mapping), encoding="utf-8")
        return load(tmp_path / "conf", str(tmp_path / "lake"))

    return settings


@pytest.fixture
def land(tmp_path: Path) -> Callable[[str, bytes], Path]:
    """Write a landed file."""

    def write(file: str, data: bytes) -> Path:
        path = tmp_path / "landing" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    return write
