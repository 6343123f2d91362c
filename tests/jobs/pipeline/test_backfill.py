"""Event dates computed again give what single days gave; what would change is shown first, and changes nothing."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pyarrow.compute as pc
import pytest
from pyspark.sql import SparkSession

from conf.errors import ConfigError
from conf.settings import Settings
from jobs.cli.main import app
from jobs.lake.tables import Lake
from jobs.pipeline.backfill import backfill, preview
from jobs.pipeline.plan import plan
from jobs.pipeline.run import STAGES, run
from jobs.pipeline.run_log import ChangeReason
from jobs.publish.difference import Difference
from schemas.facts.scope_day import SCOPE_DAY
from schemas.facts.user_scope_day import USER_SCOPE_DAY
from schemas.ops.tables import RUN
from schemas.reports.activity import ACTIVITY_DAILY
from schemas.reports.freshness import FRESHNESS
from tests.lakes import DIGESTED, Silent, digests
from tests.small_shop import APP, EVENT, deploy, land

FIRST, SECOND, THIRD, FOURTH, FIFTH = (date(2026, 3, day) for day in range(1, 6))
WHY = ChangeReason("the numbers are in doubt", "ana")
ALL = (*DIGESTED, USER_SCOPE_DAY, SCOPE_DAY)


IN_TIME = {
    "app/2026-03-03.csv": (EVENT, "a4,u3,2026-03-03T08:00:00Z,view,home", "a6,u4,nonsense,view,home"),
}
"""Without the event that comes too late: what enters with a backfill has its own tests."""


@pytest.fixture(scope="module")
def settings(spark: SparkSession, folder: Path) -> Settings:
    land(folder, **IN_TIME)
    found = deploy(folder)
    run(found, STAGES, None, None, Silent())
    return found


@pytest.fixture(scope="module")
def expected(settings: Settings) -> dict[str, str]:
    return digests(Lake(settings.lake), ALL)


def forget_a_day_of_a_report(lake: Lake, day: date = SECOND) -> None:
    rows = lake.read_rows(ACTIVITY_DAILY)
    lake.replace_rows(ACTIVITY_DAILY, rows.filter(pc.not_equal(rows["activity_date"], day)), None)


def forget_a_user_of_a_day(lake: Lake) -> None:
    rows = lake.read_rows(USER_SCOPE_DAY)
    is_lost = pc.and_(pc.equal(rows["user_id"], "u1"), pc.equal(rows["event_date"], FIRST))
    lake.replace_rows(USER_SCOPE_DAY, rows.filter(pc.invert(is_lost)), None)


def land_a_later_day(folder: Path, day: date) -> None:
    events = (EVENT, f"l{day},u1,{day}T08:00:00Z,view,home", f"m{day},u5,{FOURTH}T09:00:00Z,view,home")
    users = ("id,registered,level", "u1,2026-02-01T00:00:00Z,gold")
    land(
        folder, **IN_TIME, **{f"app/{day}.csv": events, f"web/{day}.csv": (EVENT,), f"users/{day}.csv": users}
    )


def closed_through(lake: Lake) -> date:
    rows = lake.read_rows(FRESHNESS).to_pylist()
    return next(row["closed_through"] for row in rows if row["table_name"] == ACTIVITY_DAILY.name)


def shown(settings: Settings, days: tuple[date, date]) -> list[Difference]:
    """What a backfill would change; looking changes nothing."""
    lake = Lake(settings.lake)
    before = digests(lake, ALL)
    found = preview(settings, days, WHY, Silent())
    assert digests(lake, ALL) == before
    return found.differences


def test_a_range_in_one_pass_leaves_every_right_row_says_why_it_was_done_and_nothing_more_to_do(
    settings: Settings, expected: dict[str, str]
) -> None:
    lake = Lake(settings.lake)
    backfill(settings, (FIRST, SECOND), WHY, Silent())
    assert digests(lake, ALL) == expected
    (row,) = [row for row in lake.read_rows(RUN).to_pylist() if row["command"] == "backfill"]
    assert (row["change_reason"], row["requested_by"]) == ("the numbers are in doubt", "ana")
    assert (row["date_from"], row["date_to"], row["exit_code"]) == (FIRST, SECOND, 0)
    assert plan(settings, lake).compute is None


def test_what_would_change_is_shown_by_table_and_nothing_is_changed_before_the_backfill(
    settings: Settings, expected: dict[str, str]
) -> None:
    lake = Lake(settings.lake)
    forget_a_day_of_a_report(lake)
    found = {one.table_name: one for one in shown(settings, (SECOND, SECOND))}
    one = found["reports.activity_daily"]
    assert (one.days, one.now, one.added, one.removed, one.changed) == (
        (SECOND, SECOND),
        0,
        one.then,
        0,
        0,
    )
    assert one.then > 0
    assert [name for name, other in found.items() if not other.is_none] == ["reports.activity_daily"]
    backfill(settings, (SECOND, SECOND), WHY, Silent())
    assert digests(lake, ALL) == expected


def test_later_days_are_computed_too_where_they_build_on_facts_that_have_changed(
    settings: Settings, expected: dict[str, str]
) -> None:
    lake = Lake(settings.lake)
    forget_a_user_of_a_day(lake)
    assert {one.days for one in shown(settings, (FIRST, FIRST))} == {(FIRST, THIRD), None}
    backfill(settings, (FIRST, FIRST), WHY, Silent())
    assert digests(lake, ALL) == expected


@pytest.mark.parametrize(
    ("place", "by"),
    [
        ("jobs.lake.draft.Draft.write_to_lake", "the same backfill"),
        ("jobs.pipeline.run.Run.check", "the next run"),
    ],
)
def test_a_backfill_that_died_is_ended_by_its_repetition_or_by_the_next_run(
    settings: Settings, expected: dict[str, str], monkeypatch: pytest.MonkeyPatch, place: str, by: str
) -> None:
    def die(*_: object) -> None:
        raise RuntimeError("the machine went down")

    lake = Lake(settings.lake)
    forget_a_user_of_a_day(lake)
    forget_a_day_of_a_report(lake, THIRD)
    with monkeypatch.context() as dying:
        dying.setattr(place, die)
        with pytest.raises(RuntimeError, match="went down"):
            backfill(settings, (FIRST, FIRST), WHY, Silent())
    assert plan(settings, lake).compute == (FIRST, THIRD)
    if by == "the next run":
        run(settings, STAGES, None, None, Silent())
    else:
        backfill(settings, (FIRST, FIRST), WHY, Silent())
    assert digests(lake, ALL) == expected
    assert plan(settings, lake).compute is None


def test_the_plan_is_printed_for_the_one_who_approves_it(
    settings: Settings,
    expected: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    conf = ["--conf", str(settings.conf_dir), "--lake", settings.lake]
    days = ["--from", "2026-03-01", "--to", "2026-03-02"]
    app(
        [*conf, "backfill", *days, "--reason", "late files", "--by", "ana", "--dry-run"],
        standalone_mode=False,
    )
    printed = capsys.readouterr().out
    (line,) = [line.split() for line in printed.splitlines() if "reports.overview" in line]
    assert line[:4] == ["reports.overview", "2026-03-01", "to", "2026-03-02"] and line[-3:] == ["0", "0", "0"]
    assert printed.endswith("nothing would change\n")


def test_after_a_backfill_with_another_mapping_the_next_run_still_has_every_day_to_compute(
    settings: Settings, expected: dict[str, str]
) -> None:
    changed = deploy(settings.conf_dir.parent, app=APP.replace("title: Events", "title: All events"))
    backfill(changed, (FIRST, FIRST), WHY, Silent())
    assert plan(changed, Lake(settings.lake)).compute == (FIRST, THIRD)


@pytest.mark.parametrize(
    ("days", "option"),
    [((date(2026, 2, 28), FIRST), "--from: 2026-02-28"), ((FIRST, date(2026, 3, 4)), "--to: 2026-03-04")],
)
def test_days_that_were_not_processed_are_refused_with_those_that_were(
    settings: Settings, days: tuple[date, date], option: str
) -> None:
    with pytest.raises(ConfigError, match=f"{option} is none of .* processed, 2026-03-01 to 2026-03-03"):
        backfill(settings, days, WHY, Silent())


@pytest.mark.parametrize(
    ("reason", "by", "message"), [(" ", "ana", "the reason is empty"), ("x", "", "--by is empty")]
)
def test_a_change_without_a_reason_or_a_name_is_refused(reason: str, by: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        ChangeReason(reason, by)


@pytest.mark.parametrize(
    ("day", "before"), [(FOURTH, ("ingest",)), (FIFTH, ("ingest", "compute"))], ids=["ingested", "computed"]
)
def test_a_backfill_between_the_stages_of_a_day_publishes_that_day_too(
    settings: Settings, folder: Path, day: date, before: tuple[str, ...]
) -> None:
    lake = Lake(settings.lake)
    land_a_later_day(folder, day)
    run(settings, before, None, None, Silent())
    backfill(settings, (FIRST, FIRST), WHY, Silent())
    found = digests(lake, ALL)
    assert max(lake.read_rows(ACTIVITY_DAILY)["activity_date"].to_pylist()) == day
    assert closed_through(lake) == day - timedelta(days=1)
    for stages in (("check",), ("publish",), STAGES):  # as the tasks of the day go on
        run(settings, stages, None, None, Silent())
    assert digests(lake, ALL) == found
