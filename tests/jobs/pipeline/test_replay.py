"""Files read anew give what they would have given at first; what builds on them follows."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from conf.errors import ConfigError, ContractError
from conf.settings import Settings
from jobs.lake.tables import Lake
from jobs.pipeline.replay import choose, first_days, replay
from jobs.pipeline.run import STAGES, run
from jobs.pipeline.run_log import ChangeReason
from schemas.ops.tables import INGEST_BALANCE, INGESTED_FILE, RUN
from tests.lakes import Silent, digests
from tests.small_shop import APP, EVENT, SHOP, deploy, land

FIRST, SECOND, THIRD = (date(2026, 3, day) for day in (1, 2, 3))
WHY = ChangeReason("the mapping was wrong", "ana")
WRONG_APP = APP.replace("scene_id: scene", "scene_id: type")
WRONG_SHOP = SHOP.replace("status: status", "status: user")


@pytest.fixture(scope="module")
def settings(spark: SparkSession, folder: Path) -> Settings:
    """The shop, run day by day."""
    found = deploy(folder)
    for day in (FIRST, SECOND, THIRD):
        run(found, STAGES, day, day, Silent())
    return found


@pytest.fixture(scope="module")
def expected(settings: Settings) -> dict[str, str]:
    return digests(Lake(settings.lake))


def assert_every_record_is_accounted_for_once(lake: Lake) -> None:
    feeds = {"app.log": "app.activity", "shop.log": "shop.activity", "shop.order_log": "shop.orders",
             "shop.refund_log": "shop.refunds", "shop.user_list": "shop.users"}  # fmt: skip
    lines = {
        (feeds[row["input"]], row["file"]): row["lines_in"]
        for row in lake.read_rows(INGESTED_FILE).to_pylist()
    }
    counted: Counter[tuple[str, str]] = Counter()
    for row in lake.read_rows(INGEST_BALANCE).to_pylist():
        counted[row["source"], row["file"]] += row["records"]
    assert counted == lines


@pytest.mark.parametrize(
    "wanted",
    [{"app": {SECOND}}, {"app": {FIRST, SECOND, THIRD}, "shop": {FIRST, SECOND, THIRD}}],
    ids=["a day of one source", "every day of all"],
)
def test_a_replay_without_any_change_changes_nothing(
    settings: Settings, expected: dict[str, str], wanted: dict[str, set[date]]
) -> None:
    lake = Lake(settings.lake)
    replay(settings, wanted, WHY, Silent())
    assert digests(lake) == expected
    assert_every_record_is_accounted_for_once(lake)
    newest = max(lake.read_rows(RUN).to_pylist(), key=lambda row: row["finished_at"])
    assert (newest["command"], newest["change_reason"], newest["requested_by"]) == (
        "replay", "the mapping was wrong", "ana",
    )  # fmt: skip


def test_after_a_mapping_was_mended_a_replay_gives_what_a_new_lake_would_have(
    spark: SparkSession, folder: Path, settings: Settings, expected: dict[str, str]
) -> None:
    wrong = deploy(folder, "mended", WRONG_APP, WRONG_SHOP)
    run(wrong, STAGES, None, None, Silent())
    mended = deploy(folder, "mended")
    lake = Lake(mended.lake)
    assert digests(lake)["clean.orders"] != expected["clean.orders"]
    replay(mended, dict.fromkeys(("app", "shop"), {FIRST, SECOND, THIRD}), WHY, Silent())
    assert digests(lake) == expected


def test_a_file_of_the_days_may_have_changed_and_later_ones_are_judged_by_what_it_holds_now(
    expected: dict[str, str], tmp_path: Path
) -> None:
    land(tmp_path, **{"app/2026-03-01.csv": (EVENT, "a2,u2,2026-03-01T09:00:00Z,view,home")})
    changed = deploy(tmp_path)
    run(changed, STAGES, None, None, Silent())
    lake = Lake(changed.lake)
    assert digests(lake)["clean.events"] != expected["clean.events"]
    land(tmp_path)
    replay(changed, {"app": {FIRST}}, WHY, Silent())
    assert digests(lake) == expected


def test_a_file_of_another_day_that_has_changed_or_is_gone_stops_the_replay_before_anything_is_done(
    settings: Settings, folder: Path
) -> None:
    lake, later = Lake(settings.lake), folder / "landing" / "app" / "2026-03-03.csv"
    content = later.read_text()
    try:
        later.write_text(content + "\n")
        with pytest.raises(
            ContractError, match="2026-03-03.csv: was ingested with SHA-256 .* replay 2026-03-03 as"
        ):
            choose(settings, lake, {"app": {SECOND}})
        later.unlink()
        with pytest.raises(
            ContractError, match="app.log: app/2026-03-03.csv: was ingested and is no longer there"
        ):
            choose(settings, lake, {"app": {SECOND}})
    finally:
        later.write_text(content)


def test_days_that_were_not_processed_are_refused_with_those_that_were(settings: Settings) -> None:
    with pytest.raises(ConfigError, match="2026-03-04 is none .* processed, 2026-03-01 to 2026-03-03"):
        choose(settings, Lake(settings.lake), {"app": {THIRD, date(2026, 3, 4)}})


def test_events_and_users_are_judged_again_from_the_day_on_orders_and_refunds_from_their_first_file(
    settings: Settings,
) -> None:
    assert first_days(settings, {"app": SECOND}) == {"app.log": SECOND, "shop.log": SECOND}
    assert first_days(settings, {"shop": SECOND}) == {
        "app.log": SECOND, "shop.log": SECOND, "shop.user_list": SECOND,
        "shop.order_log": date.min, "shop.refund_log": date.min,
    }  # fmt: skip
