"""The demo's activity log: app events as gzip JSON lines, web events as Parquet, with faults planted."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jobs.demo.truth import Truth
from jobs.demo.world import DAY, Events, Ints

APP, WEB = "demo.app_activity", "demo.web_activity"
LATENESS = 3
_LINE = (
    '{{"event_id":"{0}","user_id":{1},"event_at":"{2}","received_at":"{3}","event_type":"{4}","scene":{5},'
    '"tool":{6},"service":{7},"touch_id":{8},"session_id":"s{9}"}}'
)
_BROKEN = (
    (b'{"event_id":"x1","event_type":"view"', "malformed"),
    (b"   ", "blank_line"),
    (b'{"event_id":"x2","event_id":"x3","event_type":"view"}', "duplicate_key"),
    (b'{"event_id":"x4","event_type":"\xff\xfe"}', "not_utf8"),
    (b'{"event_id":"x5","event_type":"view","event_at":"yesterday"}', "bad_time"),
    (b'{"event_id":"x6","event_type":"view"}', "missing_required"),
    (b'{"event_type":"view","event_at":"2026-03-02T00:00:00Z"}', "missing_required"),
)


def arrivals(rng: np.random.Generator, events: Events, days: int, faults: float) -> Ints:
    """Second of arrival per event: mostly at once, some 1 to 3 days later, few 4 to 40 days later."""
    late = rng.choice([0, 1, 2], len(events.user), p=[1 - 0.02 * faults, 0.015 * faults, 0.005 * faults])
    wait = np.where(
        late == 1, rng.integers(1, 4, len(late)), np.where(late == 2, rng.integers(4, 41, len(late)), 0)
    )
    return events.second + wait * DAY + rng.integers(0, 120, len(late))


def _instants(seconds: Ints, start: date, millis: Ints) -> Ints:
    """UTC milliseconds of local seconds; the business zone has no summer time."""
    midnight = datetime(start.year, start.month, start.day, tzinfo=UTC) - timedelta(hours=8)
    return int(midnight.timestamp() * 1000) + seconds * 1000 + millis


def land_activity(
    out: Path,
    rng: np.random.Generator,
    events: Events,
    days: int,
    start: date,
    faults: float,
    form: str,
    truth: Truth,
) -> None:
    """Write the folders activity_app and activity_web, a folder per arrival day."""
    arrived = arrivals(rng, events, days, faults)
    kept = (arrived < days * DAY) & (events.second < days * DAY)
    events, arrived = events.take(kept), arrived[kept]
    number = np.arange(len(arrived))
    skewed = rng.random(len(arrived)) < 0.0003 * faults
    early = (events.second < DAY) & (rng.random(len(arrived)) < 0.01 * faults)
    second = np.where(early, events.second - DAY, events.second)
    millis = rng.integers(0, 1000, len(arrived))
    event_ms = _instants(np.where(skewed, arrived + 900, second), start, millis)
    arrived_ms = _instants(arrived, start, millis)
    arrival_day = arrived // DAY
    outcome = _outcomes(second // DAY, arrival_day, skewed)
    again = (outcome == "accepted:") & (rng.random(len(arrived)) < 0.01 * faults)
    copy_day = np.minimum(arrival_day + rng.integers(0, 2, len(arrived)), days - 1)
    is_web = np.ones(len(arrived), bool) if form == "parquet" else number % 2 == 0
    for day in range(days):
        name = f"dt={start + timedelta(days=day)}"
        own = np.concatenate([number[arrival_day == day], number[again & (copy_day == day)]])
        repeats = (
            int(np.sum(again & (copy_day == day) & is_web)),
            int(np.sum(again & (copy_day == day) & ~is_web)),
        )
        web, app = own[is_web[own]], own[~is_web[own]]
        for feed, index, extra in ((WEB, web, repeats[0]), (APP, app, repeats[1])):
            first = index[: len(index) - extra]
            for what, records in zip(*np.unique(outcome[first], return_counts=True), strict=True):
                kind, reason = str(what).split(":")
                truth.add(feed, name[3:], kind, reason, int(records))
            truth.add(feed, name[3:], "duplicate", "repeated_key", extra)
        _land_web(out / "activity_web" / name, events, web, event_ms, arrived_ms)
        if form != "parquet":
            _land_app(out / "activity_app" / name, events, app, event_ms, arrived_ms, day, faults, truth)
    truth.tables["clean.events"] += int(np.sum(outcome == "accepted:"))
    _land_cut_files(out, start, faults, form, truth)


def _outcomes(event_day: Ints, arrival_day: Ints, skewed: np.ndarray) -> np.ndarray:
    outcome = np.where(arrival_day - event_day > LATENESS, "late:too_late", "accepted:")
    outcome = np.where(event_day < 0, "late:before_history", outcome)
    return np.where(skewed, "quarantined:clock_skew", outcome)


def _land_web(folder: Path, events: Events, index: Ints, event_ms: Ints, arrived_ms: Ints) -> None:
    def text(values: np.ndarray) -> pa.Array:
        return pa.array(values, pa.string(), mask=values == "")

    users = np.where(events.user[index] >= 0, np.char.add("u", events.user[index].astype(str)), "")
    chains = np.where(events.chain[index] >= 0, np.char.add("t", events.chain[index].astype(str)), "")
    table = pa.table(
        {
            "event_id": np.char.add("e", index.astype(str)),
            "user_id": text(users),
            "event_at": event_ms[index],
            "received_at": arrived_ms[index],
            "event_type": events.kind[index],
            "scene": text(events.scene[index]),
            "tool": text(events.tool[index]),
            "service": text(events.service[index]),
            "touch_id": text(chains),
        }
    )
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, folder / "part-0.parquet", compression="zstd")


def _land_app(
    folder: Path,
    events: Events,
    index: Ints,
    event_ms: Ints,
    arrived_ms: Ints,
    day: int,
    faults: float,
    truth: Truth,
) -> None:
    at = np.datetime_as_string(event_ms[index].astype("datetime64[ms]"))
    received = np.datetime_as_string(arrived_ms[index].astype("datetime64[ms]"))
    lines = []
    for place, i in enumerate(index.tolist()):
        user, chain = events.user[i], events.chain[i]
        lines.append(
            _LINE.format(
                f"e{i}", f'"u{user}"' if user >= 0 else "null", f"{at[place]}Z", f"{received[place]}Z", events.kind[i],
                *(f'"{code}"' if code else "null" for code in (events.scene[i], events.tool[i], events.service[i])),
                f'"t{chain}"' if chain >= 0 else "null", event_ms[i] // 3_600_000,
            ).encode()
        )  # fmt: skip
    if faults and day % 5 == 1:
        for line, reason in _BROKEN:
            lines.insert((day * 7919) % max(len(lines), 1), line)
            truth.add(APP, folder.name[3:], "quarantined", reason)
    folder.mkdir(parents=True, exist_ok=True)
    content = gzip.compress(b"\n".join(lines) + b"\n", compresslevel=3, mtime=0)
    (folder / "part-0.jsonl.gz").write_bytes(content)


def _land_cut_files(out: Path, start: date, faults: float, form: str, truth: Truth) -> None:
    """One gzip and one Parquet file whose upload broke off; each is one unreadable record."""
    if not faults:
        return
    day = f"dt={start + timedelta(days=2)}"
    for feed, folder, name in (
        (APP, "activity_app", "part-9.jsonl.gz"),
        (WEB, "activity_web", "part-9.parquet"),
    ):
        whole = next((out / folder / day).glob("part-0*"), None) if form != "parquet" or feed == WEB else None
        if whole is not None:
            content = whole.read_bytes()
            (whole.parent / name).write_bytes(content[: len(content) // 2])
            truth.add(feed, day[3:], "quarantined", "unreadable_file")
