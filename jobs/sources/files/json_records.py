"""Records of JSON lines; numbers keep their exact text, duplicate keys are detected, nested values become compact JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from json.encoder import encode_basestring
from typing import Any

from jobs.sources.files.record import Record, without_line_end


class _Number(str):
    """A JSON number in the text form of the file."""

    __slots__ = ()


class _DuplicateKey(ValueError):
    """An object has the same key twice."""


_JSON_SPACE = " \t\r\n"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    built = dict(pairs)
    if len(built) != len(pairs):
        raise _DuplicateKey
    return built


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _scanner(number: type[str]) -> Callable[[str, int], tuple[Any, int]]:
    decoder = json.JSONDecoder(
        object_pairs_hook=_object, parse_float=number, parse_int=number, parse_constant=_refuse
    )
    scan: Callable[[str, int], tuple[Any, int]] = decoder.scan_once  # type: ignore[attr-defined]
    return scan


_flat = _scanner(str)
_nested = _scanner(_Number)


def json_records(data: bytes, encoding: str) -> Iterator[Record]:
    """One record per line."""
    for line in io.BytesIO(data):
        raw = without_line_end(line)
        try:
            text = raw.decode(encoding)
        except UnicodeError:
            yield raw, None, None, "not_utf8"
            continue
        try:
            yield raw, text, _fields(text), None
        except _DuplicateKey:
            yield raw, text, None, "duplicate_key"
        except (ValueError, StopIteration, RecursionError):
            yield raw, text, None, "malformed" if text.strip() else "blank_line"


def _fields(text: str) -> dict[str, str]:
    stripped = text.strip(_JSON_SPACE)
    fields, end = _flat(stripped, 0)
    if end != len(stripped) or type(fields) is not dict:
        raise ValueError("not one object")
    others = [key for key, value in fields.items() if type(value) is not str]
    if others:
        _to_text(fields, others, stripped)
    if "\\u" in text:
        "".join((*fields, *fields.values())).encode()  # half a surrogate pair is no text: UnicodeEncodeError
    return fields


def _to_text(fields: dict[str, Any], others: list[str], text: str) -> None:
    """Turn values that are not text into text: null is left out, true and false and nested values become JSON.

    Records with nested values are parsed a second time, with numbers marked as such: only so can a number inside a
    nested value be told from a string of digits.
    """
    if any(isinstance(fields[key], (dict, list)) for key in others):
        fields.update(_nested(text, 0)[0])
    for key in others:
        if fields[key] is None:
            del fields[key]
        else:
            fields[key] = _json(fields[key])


def _json(value: Any) -> str:
    if type(value) is _Number:
        return value
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{encode_basestring(k)}:{_json(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_json, value)) + "]"
    return "null" if value is None else "true" if value else "false"
