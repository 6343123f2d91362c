"""A scheduler waits for the days that activity owes, and for no other."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from conf.errors import SourceIncomplete
from conf.settings import Settings, load
from jobs.arrival.awaited import require_landed
from jobs.sources.files.landing import landed

DAY = date(2026, 3, 2)
MAPPING = """
title: A shop
root: {root}
zone: UTC
inputs:
  app: {{path: "app/{{date}}.csv", format: {{kind: csv}}, delivery: {{{app}}}}}
  orders: {{path: "orders/{{date}}.csv", format: {{kind: csv}}, delivery: {{calendar: daily}}}}
feeds:
  app:
    kind: activity
    input: app
    key: position
    columns: {{user_id: user, event_at: {{column: at, time: iso}}, event_type: type}}
  orders:
    kind: orders
    input: orders
    key: {{column: id}}
    columns: {{user_id: user}}
"""


def shop(folder: Path, app: str, *files: str) -> Settings:
    (folder / "conf" / "sources").mkdir(parents=True)
    (folder / "conf" / "sources" / "shop.yml").write_text(MAPPING.format(root=folder, app=app))
    for name in files:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("user,at,type\n")
    return load(folder / "conf", str(folder / "lake"))


def test_a_day_of_activity_that_is_there_is_enough(tmp_path: Path) -> None:
    settings = shop(tmp_path, "calendar: daily", "app/2026-03-02.csv")
    require_landed(settings, landed(settings), DAY)


def test_a_missing_day_names_source_day_and_place(tmp_path: Path) -> None:
    settings = shop(tmp_path, "calendar: daily", "app/2026-03-01.csv", "orders/2026-03-02.csv")
    with pytest.raises(SourceIncomplete) as raised:
        require_landed(settings, landed(settings), DAY)
    assert str(raised.value) == f"shop.app: 2026-03-02 has not landed ({tmp_path}/app/{{date}}.csv)"


def test_an_input_that_comes_as_delivered_owes_no_day(tmp_path: Path) -> None:
    settings = shop(tmp_path, "calendar: as_delivered")
    require_landed(settings, landed(settings), DAY)


def test_a_whole_history_owes_the_days_up_to_its_end(tmp_path: Path) -> None:
    settings = shop(tmp_path, "complete_through: 2026-03-02")
    require_landed(settings, landed(settings), date(2026, 3, 3))
    with pytest.raises(SourceIncomplete):
        require_landed(settings, landed(settings), DAY)
