"""JSON lines → records: exact number texts, duplicate keys seen, nested values as compact JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from json.encoder import encode_basestring
from typing import Any

from jobs.sources.files.record import Record, without_line_end


class _Number(str):
    """A JSON number as it was written."""

    __slots__ = ()


class _DuplicateKey(ValueError):
    """An object gives a key twice."""


_JSON_SPACE = " \t\r\n"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    built = dict(pairs)
    if len(built) != len(pairs):
        raise _DuplicateKey
    return built


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _scanner(number: type[str]) -> Callable[[str], tuple[Any, int]]:
    return json.JSONDecoder(
        object_pairs_hook=_object, parse_float=number, parse_int=number, parse_constant=_refuse
    ).raw_decode


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
        except (ValueError, RecursionError):
            yield raw, text, None, "malformed" if text.strip() else "blank_line"


def _fields(text: str) -> dict[str, str]:
    stripped = text.strip(_JSON_SPACE)
    found, end = _flat(stripped)
    if end != len(stripped) or type(found) is not dict:
        raise ValueError("not one object")
    others = [key for key, value in found.items() if type(value) is not str]
    if others:
        _to_text(found, others, stripped)
    if "\\u" in text:
        "".join((*found, *found.values())).encode()  # half a surrogate pair is no text: UnicodeEncodeError
    return found


def _to_text(found: dict[str, Any], others: list[str], text: str) -> None:
    """NULL is the same as absent; nested values are read again, so that their numbers are known from strings."""
    if any(isinstance(found[key], (dict, list)) for key in others):
        found.update(_nested(text)[0])
    for key in others:
        if found[key] is None:
            del found[key]
        else:
            found[key] = _json(found[key])


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
