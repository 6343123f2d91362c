"""Members are those that the settings declare, and those that the data shows where discovery is on."""

from __future__ import annotations

from datetime import date

from pyspark.sql import SparkSession

from conf.members import Members
from jobs.clean.members import members
from schemas.clean.activity import EVENTS
from schemas.clean.members import MEMBERS
from tests.properties.frames import frame

FIRST, SECOND = date(2026, 3, 1), date(2026, 3, 2)
HOME = {
    "code": "home",
    "name_en": "Home",
    "name_zh": "首页",
    "class": "content",
    "owner": "home-team",
    "since": SECOND,
}


def test_a_declared_scene_a_discovered_one_and_a_code_that_no_member_may_have(spark: SparkSession) -> None:
    events = [
        {"event_date": day, "scene_id": code}
        for day, code in ((SECOND, "popup"), (FIRST, "popup"), (FIRST, "home"), (FIRST, "unassigned"))
    ]
    scenes = Members.model_validate({"discover": True, "members": [HOME]})
    rows = members({"scene": scenes}, frame(spark, EVENTS, events), frame(spark, MEMBERS, [])).collect()
    assert sorted((row["scope_id"], row["valid_from"], row["owner"], row["is_declared"]) for row in rows) == [
        ("home", SECOND, "home-team", True),
        ("popup", FIRST, "unassigned", False),
    ]


def test_a_code_that_is_not_listed_is_no_member_without_discovery(spark: SparkSession) -> None:
    events = [{"event_date": FIRST, "scene_id": "popup"}]
    scenes = Members.model_validate({"members": [HOME]})
    rows = members({"scene": scenes}, frame(spark, EVENTS, events), frame(spark, MEMBERS, [])).collect()
    assert [row["scope_id"] for row in rows] == ["home"]
