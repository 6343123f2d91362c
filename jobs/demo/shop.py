"""The whole demo shop, from one seed."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from conf.errors import ConfigError
from jobs.demo.activity import land_activity
from jobs.demo.commerce import land_orders, land_users
from jobs.demo.truth import Truth
from jobs.demo.world import make_events, make_users, visits

START = date(2026, 3, 1)
FOLDERS = ("activity_app", "activity_web", "orders", "refunds", "users")
_EVENTS_PER_VISIT = 8.5


def generate(
    out: Path,
    *,
    seed: int = 7,
    users: int = 2500,
    days: int = 60,
    faults: float = 1.0,
    form: str = "mixed",
    start: date = START,
) -> dict[str, Any]:
    """Write the landing files below `out` in place of earlier ones, and truth.json beside them; returns totals.

    Args:
        faults: 1 plants every kind of fault at its usual rate, 0 none.
        form: `mixed` lands half of the events as gzip JSON lines; `parquet` all as Parquet.

    Raises:
        ConfigError: the form is unknown.
    """
    if form not in ("mixed", "parquet"):
        raise ConfigError(f"--format: {form!r} is neither mixed nor parquet")
    for name in FOLDERS:
        shutil.rmtree(out / name, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    rng, truth = np.random.default_rng(seed), Truth()
    people = make_users(rng, users, days)
    user, day = visits(rng, people, days, start)
    events = make_events(rng, user, day, people.is_bot, _EVENTS_PER_VISIT)
    land_activity(out, rng, events, days, start, faults, form, truth)
    land_orders(out, rng, user, day, days, start, faults, truth)
    land_users(out, people, days, start, faults, truth)
    truth.write(out / "truth.json")
    return {"events": truth.tables["clean.events"], "feeds": truth.totals(), "tables": dict(truth.tables)}
