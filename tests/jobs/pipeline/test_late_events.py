"""Events that came too late are counted from a backfill on, once each, whatever dies or is read anew."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

import jobs.pipeline.ingest
import jobs.pipeline.late_events
from conf.settings import Settings
from jobs.cli.main import app
from jobs.lake.draft import Draft
from jobs.lake.tables import Lake
from jobs.pipeline.backfill import backfill, preview
from jobs.pipeline.late_events import admit_late_events, entering, not_counted
from jobs.pipeline.replay import replay
from jobs.pipeline.run import STAGES, run
from jobs.pipeline.run_log import ChangeReason
from schemas.clean.activity import EVENTS
from schemas.clean.refused import LATE_EVENT
from schemas.ops.tables import LATE_ENTRY, LATENESS
from schemas.reports.activity import ACTIVITY_DAILY
from tests.lakes import DIGESTED, Silent, digests
from tests.properties.frames import frame
from tests.small_shop import EVENT, FILES, deploy, land

FIRST, SECOND, THIRD, FOURTH = (date(2026, 3, day) for day in (1, 2, 3, 4))
LATER = FIRST + timedelta(days=36)
"""Far enough from the first day for a key to be free again."""
WHY = ChangeReason("the log of the third was late", "ana")
ALL = (*DIGESTED, LATENESS)
LATE = {
    "app/2026-03-03.csv": (EVENT, "a4,u3,2026-03-03T08:00:00Z,view,home", "a5,u1,2026-03-01T10:00:00Z,view,home",
                           "a6,u4,nonsense,view,home", "a7,u9,2026-03-01T11:00:00Z,view,attic"),
    "app/2026-03-04.csv": (EVENT, "a5,u1,2026-03-01T10:00:00Z,view,home", "a8,u2,2026-02-20T10:00:00Z,view,home",
                           "a9,u2,2026-03-04T10:00:00Z,view,home"),
    "web/2026-03-04.csv": (EVENT,),
    "users/2026-03-04.csv": ("id,registered,level", "u1,2026-02-01T00:00:00Z,silver", "u2,2026-02-01T00:00:00Z,gold"),
}  # fmt: skip
"""a5 comes too late twice, and is a repeat of itself; a7 too late, of a new user in a new scene, a8 before the history."""


def on_copy(settings: Settings, folder: Path) -> tuple[Settings, Lake]:
    """The deployment on a copy of its lake."""
    shutil.copytree(settings.lake, folder / "copy")
    return settings.model_copy(update={"lake": str(folder / "copy")}), Lake(str(folder / "copy"))


def die(*_: object) -> None:
    raise RuntimeError("the machine went down")


def entered(lake: Lake) -> set[tuple[str, int]]:
    return {(row["file"], row["position"]) for row in lake.read_rows(LATE_ENTRY).to_pylist()}


@pytest.fixture(scope="module")
def settings(spark: SparkSession, folder: Path) -> Settings:
    """The shop with late events, run in two parts, so that the second a5 comes after the first was judged late."""
    land(folder, **LATE)
    found = deploy(folder)
    run(found, STAGES, None, THIRD, Silent())
    run(found, STAGES, None, None, Silent())
    return found


@pytest.fixture(scope="module")
def after(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The same after a backfill of every day."""
    copied, lake = on_copy(settings, tmp_path_factory.mktemp("after"))
    outcome = backfill(copied, (FIRST, FOURTH), WHY, Silent())
    assert "2 late events have entered" in outcome.messages
    assert entered(lake) == {("app/2026-03-03.csv", 2), ("app/2026-03-03.csv", 4)}
    return copied


@pytest.fixture(scope="module")
def expected(after: Settings) -> dict[str, str]:
    return digests(Lake(after.lake), ALL)


def events_by_day(lake: Lake) -> dict[date, int]:
    rows = lake.read_rows(ACTIVITY_DAILY).to_pylist()
    return {r["activity_date"]: r["events"] + r["anonymous_events"] for r in rows if r["scope_type"] == "all"}


def test_after_a_backfill_of_all_days_every_event_that_landed_is_counted_once(after: Settings) -> None:
    counted: Counter[date] = Counter()
    seen: set[str] = set()
    for name, lines in sorted({**FILES, **LATE}.items(), key=lambda item: item[0].split("/")[1]):
        if name.startswith(("app/", "web/")):
            for row in csv.DictReader(lines):
                if row["id"] not in seen and row["at"] != "nonsense" and row["at"] >= "2026-03-01":
                    seen.add(row["id"])
                    counted[date.fromisoformat(row["at"][:10])] += 1
    assert events_by_day(Lake(after.lake)) == counted == {FIRST: 5, SECOND: 3, THIRD: 2, FOURTH: 1}


def test_the_dry_run_says_how_many_would_enter_and_changes_nothing(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    lake = Lake(settings.lake)
    before = digests(lake, ALL)
    conf = ["--conf", str(settings.conf_dir), "--lake", settings.lake]
    app([*conf, "backfill", "--from", "2026-03-01", "--to", "2026-03-01", "--reason", "late", "--by", "ana", "--dry-run"],
        standalone_mode=False)  # fmt: skip
    assert "2 late events would enter" in capsys.readouterr().out
    assert admit_late_events(Draft(lake), settings, (SECOND, FOURTH), "run") == 0
    assert (digests(lake, ALL), entered(lake)) == (before, set())


def test_what_has_entered_is_late_no_more_but_stays_listed(settings: Settings, after: Settings) -> None:
    before, now = Lake(settings.lake), Lake(after.lake)
    assert {row["event_date"] for row in before.read_rows(LATENESS).to_pylist()} == {FIRST}
    assert now.read_rows(LATENESS).num_rows == 0
    assert digests(now, [LATE_EVENT]) == digests(before, [LATE_EVENT])


def test_a_second_backfill_has_nothing_to_bring_in_and_does_not_look_for_it(
    after: Settings, expected: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs.pipeline.late_events, "entering", None)
    assert admit_late_events(Lake(after.lake), after, (SECOND, FOURTH), "run") == 0
    monkeypatch.undo()
    assert preview(after, (FIRST, FOURTH), WHY, Silent()).late_events == 0


def test_a_backfill_that_died_is_ended_with_every_late_event_once(
    settings: Settings, expected: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied, lake = on_copy(settings, tmp_path)
    with monkeypatch.context() as dying:
        dying.setattr(Lake, "append", die)
        with pytest.raises(RuntimeError, match="went down"):
            backfill(copied, (FIRST, FOURTH), WHY, Silent())
    run(copied, STAGES, None, None, Silent())
    assert digests(lake, ALL) == expected


def test_what_has_entered_outlives_a_replay_that_died_and_the_backfill_that_finishes_it(
    after: Settings, expected: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied, lake = on_copy(after, tmp_path)
    with monkeypatch.context() as dying:
        dying.setattr(jobs.pipeline.ingest, "_append_all", die)
        with pytest.raises(RuntimeError, match="went down"):
            replay(copied, {"app": {THIRD}}, WHY, Silent())
    backfill(copied, (FIRST, SECOND), WHY, Silent())
    assert digests(lake, ALL) == expected


def test_what_has_entered_stays_when_its_file_is_read_anew(
    after: Settings, expected: dict[str, str], tmp_path: Path
) -> None:
    copied, lake = on_copy(after, tmp_path)
    replay(copied, {"app": {THIRD}}, WHY, Silent())
    assert digests(lake, ALL) == expected


def test_what_has_entered_goes_with_its_record(after: Settings, folder: Path, tmp_path: Path) -> None:
    copied, lake = on_copy(after, tmp_path)
    file = folder / "landing" / "app" / "2026-03-03.csv"
    content = file.read_text()
    try:
        file.write_text(content.replace("a7,u9,2026-03-01T11:00:00Z,view,attic\n", ""))
        replay(copied, {"app": {THIRD}}, WHY, Silent())
    finally:
        file.write_text(content)
    assert entered(lake) == {("app/2026-03-03.csv", 2)}
    assert events_by_day(lake)[FIRST] == 4


def _late(key: str, file: str, position: int, day: date = FIRST, landed: date = FOURTH) -> dict[str, object]:
    return {"source": "app.log", "file": file, "position": position, "record_key": key, "event_date": day,
            "arrival_date": landed}  # fmt: skip


def test_the_first_of_a_key_enters_unless_the_key_is_there_already(spark: SparkSession) -> None:
    late = [
        _late("twice", "f2", 1), _late("twice", "f1", 9), _late("there", "f1", 1), _late("other day", "f1", 2, SECOND),
        _late("gone", "f1", 3, SECOND), _late("back", "f1", 4, SECOND), _late("there", "f3", 1, landed=LATER),
    ]  # fmt: skip
    named = [{**_late("", "f1", position), "run_id": "earlier"} for position in (3, 4, 5)]
    events = [{"event_id": "there", "file": "f0", "position": 1, "arrival_date": FIRST},
              {"event_id": "back", **_late("", "f1", 4)}]  # fmt: skip
    fresh, standing = entering(
        frame(spark, LATE_EVENT, late), frame(spark, EVENTS, events), frame(spark, LATE_ENTRY, named), (FIRST, FIRST), 35
    )  # fmt: skip
    assert {(row.event_id, row.file, row.run_id) for row in fresh.collect()} == {
        ("twice", "f1", None), ("gone", "f1", "earlier"), ("there", "f3", None),
    }  # fmt: skip
    assert [(row.record_key, row.run_id) for row in standing.collect()] == [("back", "earlier")]


def test_no_record_of_a_key_that_has_entered_is_left_out_of_the_count(spark: SparkSession) -> None:
    much_later = FOURTH + timedelta(days=36)
    late = [_late("twice", "f1", 9), _late("twice", "f2", 1), _late("once", "f2", 2),
            _late("twice", "f3", 1, landed=much_later)]  # fmt: skip
    named = [_late("", "f1", 9)]
    left = not_counted(frame(spark, LATE_EVENT, late), frame(spark, LATE_ENTRY, named), 35)
    assert sorted((row.record_key, row.file) for row in left.collect()) == [("once", "f2"), ("twice", "f3")]
