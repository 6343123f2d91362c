"""`members discover`: every code that the events carry, and whether it is listed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from conf.errors import ConfigError
from conf.settings import load
from jobs.clean.codes import codes
from jobs.lake.tables import Lake
from schemas.clean.activity import EVENTS


def _event(day: int, scene: str | None, tool: str | None) -> dict[str, Any]:
    values = {
        "scene_id": scene,
        "tool_id": tool,
        "event_date": date(2026, 3, day),
        "position": 1,
        "is_exposure": False,
    }
    filler = {"string": "x", "timestamp": datetime(2026, 3, day, tzinfo=UTC), "date": date(2026, 3, day)}
    return {
        c.name: values.get(c.name, None if c.nullable or c.name in values else filler[c.type])
        for c in EVENTS.columns
    }


def test_codes_are_listed_with_their_first_day_and_number(tmp_path: Path) -> None:
    (tmp_path / "conf" / "members").mkdir(parents=True)
    (tmp_path / "conf" / "sources").mkdir()
    (tmp_path / "conf" / "members" / "scenes.yml").write_text(
        "members:\n  - {code: home, name_en: Home, name_zh: 首页, class: shopping, owner: team, since: 2026-01-01}\n"
    )
    lake = Lake(str(tmp_path / "lake"))
    with pytest.raises(ConfigError, match=r"clean.events: not written yet in .*lake; `activelake run`"):
        codes(lake, load(tmp_path / "conf"))
    lake.append_rows(
        EVENTS, [_event(2, "home", None), _event(1, "寻宝 图", "coupon"), _event(3, "home", None)]
    )
    rows = codes(lake, load(tmp_path / "conf")).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        ("scene", "home", 2, date(2026, 3, 2), True),
        ("scene", "寻宝 图", 1, date(2026, 3, 1), False),
        ("tool", "coupon", 1, date(2026, 3, 1), False),
    ]
