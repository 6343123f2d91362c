"""Generation of the whole demo shop from one seed."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from conf.errors import must_be_one_of
from jobs.dev.demo.activity import land_activity, make_log
from jobs.dev.demo.commerce import land_orders, land_refunds, make_orders
from jobs.dev.demo.people import land_users
from jobs.dev.demo.plants import parse
from jobs.dev.demo.setting import Setting, Track, untracked
from jobs.dev.demo.truth import Truth
from jobs.dev.demo.world import make_events, make_users, visits

START = date(2026, 3, 1)
FORMS = ("mixed", "parquet")
_FOLDERS = ("activity_app", "activity_web", "orders", "refunds", "users")
_SAMPLE_USERS = 2_000


def generate(
    out: Path,
    *,
    seed: int = 7,
    users: int = 2500,
    days: int = 60,
    faults: float = 1.0,
    form: str = "mixed",
    plants: Sequence[str] = (),
    start: date = START,
    track: Track = untracked,
) -> dict[str, Any]:
    """Write the landing files and truth.json below `out`, replacing those of an earlier demo; returns the true totals.

    Args:
        faults: factor on the usual rate of every kind of fault; 0 for none.
        form: `mixed` writes half of the events as gzip JSON lines, `parquet` writes all as Parquet.
        plants: faults in the text form of `jobs.dev.demo.plants`; events that they do not touch stay the same.
        track: wraps the loops over days, to show progress.

    Raises:
        ConfigError: the form or a plant does not exist.
    """
    must_be_one_of(FORMS, "--format", form)
    causes = [parse(text, start, days) for text in plants]
    for name in _FOLDERS:
        shutil.rmtree(out / name, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    setting, truth = Setting(start, days, faults, form, track), Truth()
    rng = np.random.default_rng(seed)
    people = make_users(rng, users, days)
    user, day = visits(rng, people, days, start)
    events = make_events(rng, user, day, people.is_bot)
    log = make_log(rng, events, setting, causes, truth)
    del events
    land_activity(out, log, setting, truth)
    orders = make_orders(rng, user, day)
    land_orders(out, orders, setting, truth)
    land_refunds(out, rng, orders, setting, truth)
    land_users(out, people, setting, truth)
    truth.write(out / "truth.json")
    tables = truth.tables()
    return {"events": tables["clean.events"], "feeds": truth.totals(), "tables": tables}


def users_for(events: int, *, seed: int, days: int, start: date = START) -> int:
    """The number of users who make about this many events, estimated from a small sample of users."""
    rng = np.random.default_rng(seed)
    people = make_users(rng, _SAMPLE_USERS, days)
    sampled = make_events(rng, *visits(rng, people, days, start), people.is_bot)
    return max(1, round(events * _SAMPLE_USERS / len(sampled.user)))
