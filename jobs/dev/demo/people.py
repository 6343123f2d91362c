"""The demo's users as daily CSV snapshots."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from jobs.dev.demo.lines import content, iso, joined, named
from jobs.dev.demo.setting import OFFSET, Setting
from jobs.dev.demo.truth import Truth
from jobs.dev.demo.world import DAY, Users

USERS = "demo.users"
_COLUMNS = ("user_id", "registered_at", "platform", "channel", "region", "member_level", "is_bot", "is_staff")
_PLATFORMS = ("ios", "android", "web", "mini_program")
_CHANNELS = ("organic", "paid_search", "social", "referral")
_REGIONS = ("华东", "华南", "华北", "华中", "西南", "西北", "东北")
_BROKEN = (("u0,2026-01-01", "too_few_fields"), ("u0,a,b,c,d,e,f,g,h,i", "too_many_fields"),
           (",2026-01-01T00:00:00+08:00,web,organic,华东,basic,false,false", "missing_required"))  # fmt: skip


def land_users(out: Path, users: Users, setting: Setting, truth: Truth) -> None:
    """Write users/dt=…/users.csv: one line per account that is registered by the end of the day.

    On some days the columns are in reverse order.
    """
    plain, raised = (_columns(users, setting, level) for level in ("basic", "gold"))
    for day in setting.track("users", range(setting.days)):
        is_present, has_risen = users.registered <= day, (users.changes >= 0) & (users.changes <= day)
        is_new = (users.registered == day) | ((day == 0) & is_present)
        changed = int(np.sum(is_new | ((users.changes == day) & is_present)))
        date, present = setting.days_text[day], int(np.sum(is_present))
        truth.add(USERS, date, "accepted", "", changed)
        truth.add(USERS, date, "superseded", "unchanged", present - changed)
        truth.add_rows("clean.users", setting.days_text, np.full(changed, day))
        is_turned = bool(setting.faults) and day % 10 == 7
        names = _COLUMNS[::-1] if is_turned else _COLUMNS
        rows = [pa.array(is_present & ~has_risen), pa.array(is_present & has_risen)]
        lines = [
            _lines(columns, names).filter(is_chosen)
            for columns, is_chosen in zip((plain, raised), rows, strict=True)
        ]
        broken = _BROKEN if setting.faults and day % 10 == 3 else ()
        for _, reason in broken:
            truth.add(USERS, date, "quarantined", reason)
        text = b"".join(
            [
                f"{','.join(names)}\n".encode(),
                *map(content, lines),
                *(f"{line}\n".encode() for line, _ in broken),
            ]
        )
        (setting.folder(out, "users", day) / "users.csv").write_bytes(text)


def _columns(users: Users, setting: Setting, level: str) -> dict[str, pa.Array | str]:
    number = np.arange(len(users.registered))
    registered = setting.midnight + users.registered * DAY + 36_000 + number % 20_000
    cycled = {"platform": _PLATFORMS, "channel": _CHANNELS, "region": _REGIONS}
    return {
        "user_id": named("u", number),
        "registered_at": iso(registered, "s", OFFSET),
        **{name: pa.array(values).take(pa.array(number % len(values))) for name, values in cycled.items()},
        "member_level": level,
        "is_bot": pa.array(users.is_bot).cast(pa.string()),
        "is_staff": pa.array(users.is_staff).cast(pa.string()),
    }


def _lines(columns: dict[str, pa.Array | str], names: tuple[str, ...]) -> pa.Array:
    parts: list[pa.Array | str] = []
    for name in names:
        parts += [columns[name], ","]
    return joined(*parts[:-1], "\n")
