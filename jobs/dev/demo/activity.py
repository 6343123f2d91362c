"""The demo's activity logs: app events as gzip JSON lines, web events as Parquet files, with planted faults."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jobs.dev.demo.lines import NONE, coded, content, iso, joined, json_texts, named
from jobs.dev.demo.plants import LateFile, Plant, Traffic, described
from jobs.dev.demo.setting import Setting
from jobs.dev.demo.truth import Truth
from jobs.dev.demo.world import DAY, EVENT_TYPES, MERCHANTS, SCENE_CODES, SERVICES, TOOLS, Bools, Events, Ints

APP, WEB = "demo.app_activity", "demo.web_activity"
LATENESS = 3
_OUTCOMES = (
    "accepted:",
    "late:too_late",
    "late:before_history",
    "quarantined:clock_skew",
    "duplicate:repeated_key",
)
_ACCEPTED, _TOO_LATE, _BEFORE, _SKEWED, _REPEATED = range(len(_OUTCOMES))
_BROKEN = (
    (b'{"event_id":"x1","event_type":"view"', "malformed"),
    (b"   ", "blank_line"),
    (b'{"event_id":"x2","event_id":"x3","event_type":"view"}', "duplicate_key"),
    (b'{"event_id":"x4","event_type":"\xff\xfe"}', "not_utf8"),
    (b'{"event_id":"x5","event_type":"view","event_at":"yesterday"}', "bad_time"),
    (b'{"event_id":"x6","event_type":"view"}', "missing_required"),
    (b'{"event_type":"view","event_at":"2026-03-02T00:00:00Z"}', "missing_required"),
)
_UPLOADED_TWICE = 3
_DICTIONARY = ["event_type", "scene", "tool", "service", "merchant_id"]


@dataclass(frozen=True)
class Log:
    """The events that land; one array entry per event.

    Attributes:
        number: number of the event, from which its id is made.
        at, received: instants in milliseconds since 1970.
        landing: day of the landing folder, counted from the first day of the demo.
        delayed_from: day on which the event's file should have landed; NONE if it is on time.
        copied: day on which the event lands a second time; NONE if it does not.
        is_web: the event lands in the web log, else in the app log.
        outcome: index into _OUTCOMES of what the pipeline must make of the event.
    """

    events: Events
    number: Ints
    at: Ints
    received: Ints
    landing: Ints
    delayed_from: Ints
    copied: Ints
    is_web: Bools
    outcome: Ints


def _waits(rng: np.random.Generator, count: int, faults: float) -> Ints:
    """Days between each event and its arrival: mostly 0, for some events 1 to 3, for a few 4 to 40."""
    late = rng.choice(3, count, p=[1 - 0.02 * faults, 0.015 * faults, 0.005 * faults])
    return np.select([late == 1, late == 2], [rng.integers(1, 4, count), rng.integers(4, 41, count)], 0)


def make_log(
    rng: np.random.Generator, events: Events, setting: Setting, plants: Sequence[Plant], truth: Truth
) -> Log:
    """Draw for every event when it arrives and what becomes of it.

    Plants remove or delay events only after all random draws, so that all other events stay the same with any plants.
    """
    count, days, faults = len(events.user), setting.days, setting.faults
    received = events.second + _waits(rng, count, faults) * DAY + rng.integers(0, 120, count)
    skewed = rng.random(count) < 0.0003 * faults
    early = (events.second < DAY) & (rng.random(count) < 0.01 * faults)
    second = np.where(early, events.second - DAY, events.second)
    repeated, copy_wait = rng.random(count) < 0.01 * faults, rng.integers(0, 2, count)
    millis = rng.integers(0, 1000, count)
    number = np.arange(count)
    is_web = np.full(count, True) if setting.form == "parquet" else number % 2 == 0
    is_second_part = (is_web == (setting.form == "parquet")) & (number // 2 % 2 == 0)
    traffic = Traffic(setting.start, events, received // DAY, is_second_part)
    touched = [(plant, plant.touches(traffic)) for plant in plants]
    landing, delayed_from, is_gone = _planted(touched, traffic)
    lands = (landing < days) & (events.second < setting.end)
    kept = np.nonzero(lands & ~is_gone)[0]
    truth.plants += [
        described(plant, int(np.sum(is_touched & lands)), LATENESS) for plant, is_touched in touched
    ]
    outcome = np.where(landing - second // DAY > LATENESS, _TOO_LATE, _ACCEPTED)
    outcome = np.where(second < 0, _BEFORE, outcome)
    outcome = np.where(skewed, _SKEWED, outcome)
    is_copied = (outcome == _ACCEPTED) & repeated
    copied = np.where(is_copied, np.minimum(landing + copy_wait, days - 1), NONE)
    event_second = np.where(skewed, received + 900, second)
    return Log(
        events.take(kept),
        kept,
        setting.epoch_ms + event_second[kept] * 1000 + millis[kept],
        setting.epoch_ms + received[kept] * 1000 + millis[kept],
        landing[kept],
        delayed_from[kept],
        copied[kept],
        is_web[kept],
        outcome[kept],
    )


def _planted(touched: Sequence[tuple[Plant, Bools]], traffic: Traffic) -> tuple[Ints, Ints, Bools]:
    """(landing day, day on which a late file should have landed or NONE, whether a plant removes the event) per event."""
    landing, delayed_from = traffic.arrival.copy(), np.full(len(traffic.arrival), NONE)
    is_gone = np.zeros(len(landing), bool)
    for plant, is_touched in touched:
        if isinstance(plant, LateFile):
            delayed_from[is_touched] = landing[is_touched]
            landing[is_touched] += plant.days_late
        else:
            is_gone |= is_touched
    return landing, delayed_from, is_gone


def land_activity(out: Path, log: Log, setting: Setting, truth: Truth) -> None:
    """Write the folders activity_app and activity_web, with one folder per arrival day."""
    _count(log, setting, truth)
    rows = np.concatenate([np.arange(len(log.number)), np.nonzero(log.copied != NONE)[0]])
    day = np.concatenate([log.landing, log.copied[log.copied != NONE]])
    order = np.argsort(day.astype(np.int16), kind="stable")
    ends = np.cumsum(np.bincount(day, minlength=setting.days))
    is_copy = np.arange(len(rows)) >= len(log.number)
    for at in setting.track("activity", range(setting.days)):
        of_day = order[ends[at - 1] if at else 0 : ends[at]]
        late = np.where(is_copy[of_day], NONE, log.delayed_from[rows[of_day]])
        for origin in np.unique(np.append(late, NONE)).tolist():
            name = "part-0" if origin == NONE else f"part-1-of-{setting.days_text[origin]}"
            index = rows[of_day[late == origin]]
            is_web = log.is_web[index]
            _land_web(out, name, log, index[is_web], at, setting)
            _land_app(out, name, log, index[~is_web], at, setting, truth)
    if setting.faults:
        _land_cut_files(out, setting, truth)


def _count(log: Log, setting: Setting, truth: Truth) -> None:
    for feed, of_feed in ((WEB, log.is_web), (APP, ~log.is_web)):
        copies = log.copied[of_feed & (log.copied != NONE)]
        truth.add_each(feed, setting.days_text, log.landing[of_feed], _OUTCOMES, log.outcome[of_feed])
        truth.add_each(feed, setting.days_text, copies, _OUTCOMES, np.full(len(copies), _REPEATED))
    is_accepted = log.outcome == _ACCEPTED
    event_day = (log.at[is_accepted] - setting.epoch_ms) // (DAY * 1000)
    truth.add_rows("clean.events", setting.days_text, event_day)
    truth.exposures += int(np.sum(is_accepted & (log.events.kind == EVENT_TYPES.index("exposure"))))


def _columns(log: Log, index: Ints) -> dict[str, pa.Array]:
    events = log.events.take(index)
    merchant = np.where(events.item == NONE, NONE, events.item % MERCHANTS)
    return {
        "event_id": named("e", log.number[index]),
        "user_id": named("u", events.user),
        "event_type": coded(events.kind, EVENT_TYPES),
        "scene": coded(events.scene, SCENE_CODES),
        "tool": coded(events.tool, TOOLS),
        "service": coded(events.service, SERVICES),
        "touch_id": named("t", events.chain),
        "session_id": named("s", events.visit),
        "item_id": named("i", events.item),
        "merchant_id": named("m", merchant),
    }


def _land_web(out: Path, name: str, log: Log, index: Ints, day: int, setting: Setting) -> None:
    """Write a Parquet file of web events; times are milliseconds, but on some days `event_at` is text, as after a release."""
    if not len(index) and name != "part-0":
        return
    drifts = bool(setting.faults) and day % 10 == 4
    at = pa.array(log.at[index])
    times = {"event_at": at.cast(pa.string()) if drifts else at, "received_at": pa.array(log.received[index])}
    path = setting.folder(out, "activity_web", day) / f"{name}.parquet"
    table = pa.table(_columns(log, index) | times)
    pq.write_table(table, path, compression="zstd", use_dictionary=_DICTIONARY, store_schema=False)


def _land_app(out: Path, name: str, log: Log, index: Ints, day: int, setting: Setting, truth: Truth) -> None:
    """Write a file of app events as JSON lines; on some days they have a field that the mapping does not name."""
    if not len(index) and name != "part-0":
        return
    parts: list[str | pa.Array] = []
    for column, values in _columns(log, index).items():
        parts += [f'{"," if parts else "{"}"{column}":', json_texts(values)]
    times = (iso(ms, "ms", "Z") for ms in (log.at[index], log.received[index]))
    version = ',"app_version":"2.1"' if day % 7 >= 4 else ""
    lines = joined(*parts, ',"event_at":"', next(times), '","received_at":"', next(times), f'"{version}}}\n')
    text = content(lines)
    if setting.faults and day % 5 == 1 and name == "part-0":
        cut = day * 7919 % max(len(lines), 1)
        broken = b"".join(line + b"\n" for line, _ in _BROKEN)
        text = content(lines[:cut]) + broken + content(lines[cut:])
        for _, reason in _BROKEN:
            truth.add(APP, setting.days_text[day], "quarantined", reason)
    packed, folder = gzip.compress(text, compresslevel=3, mtime=0), setting.folder(out, "activity_app", day)
    (folder / f"{name}.jsonl.gz").write_bytes(packed)
    if setting.faults and day == _UPLOADED_TWICE and name == "part-0":
        (folder / f"{name}-again.jsonl.gz").write_bytes(packed)
        truth.add(APP, setting.days_text[day], "duplicate", "duplicate_file", len(lines))


def _land_cut_files(out: Path, setting: Setting, truth: Truth) -> None:
    """Write two files that end in the middle, as after a broken upload; each counts as one unreadable record."""
    if setting.days <= 2:
        return
    for feed, name, form in ((APP, "activity_app", "jsonl.gz"), (WEB, "activity_web", "parquet")):
        folder = setting.folder(out, name, 2)
        whole = (folder / f"part-0.{form}").read_bytes()
        (folder / f"part-9.{form}").write_bytes(whole[: len(whole) // 2])
        truth.add(feed, setting.days_text[2], "quarantined", "unreadable_file")
