"""The demo's users behave as people do: by weekday, more of them every week, some heavy, some gone, some back."""

from __future__ import annotations

import numpy as np
import pytest
import yaml

from conf.settings import SHIPPED
from jobs.dev.demo.lines import NONE
from jobs.dev.demo.shop import START
from jobs.dev.demo.world import (
    DAY,
    SCENES,
    SERVICES,
    TOOLS,
    Events,
    Ints,
    Users,
    make_events,
    make_users,
    visits,
)

DAYS = 60
Shop = tuple[Users, Ints, Ints, Events]


@pytest.fixture(scope="module")
def shop() -> Shop:
    rng = np.random.default_rng(1)
    users = make_users(rng, 3000, DAYS)
    user, day = visits(rng, users, DAYS, START)
    return users, user, day, make_events(rng, user, day, users.is_bot)


def test_saturdays_are_busier_than_mondays_and_the_last_week_than_the_first(shop: Shop) -> None:
    per_day = np.bincount(shop[2], minlength=DAYS)
    weekday = np.array([(START.weekday() + n) % 7 for n in range(DAYS)])
    assert per_day[weekday == 5].mean() > 1.2 * per_day[weekday == 0].mean()
    assert per_day[-7:].sum() > 1.2 * per_day[:7].sum()


def test_a_tenth_of_the_users_makes_more_than_a_fifth_of_the_visits(shop: Shop) -> None:
    per_user = np.sort(np.bincount(shop[1], minlength=3000))[::-1]
    assert per_user[:300].sum() > 0.2 * per_user.sum()


def test_some_users_stay_away_for_good_and_some_come_back_after_three_weeks(shop: Shop) -> None:
    users, user, day, _ = shop
    heavy = np.nonzero(users.habit > 0.6)[0]
    days = {n: day[user == n] for n in heavy}
    assert any(len(own) and own.max() < DAYS - 30 for own in days.values())
    assert any(len(own) > 1 and np.diff(own).max() > 21 for own in days.values())


def test_some_sessions_go_on_past_midnight(shop: Shop) -> None:
    events = shop[3]
    same_visit = events.visit[1:] == events.visit[:-1]
    assert np.any(same_visit & (events.second[1:] // DAY > events.second[:-1] // DAY))


def test_nobody_acts_before_the_registration(shop: Shop) -> None:
    users, _, _, events = shop
    known = events.user != NONE
    assert np.all(users.registered[events.user[known]] <= events.second[known] // DAY)


def test_every_scene_tool_and_service_of_the_demo_is_listed_and_used(shop: Shop) -> None:
    for name, codes, used in (
        ("scenes", SCENES, shop[3].scene), ("tools", TOOLS, shop[3].tool), ("services", SERVICES, shop[3].service),
    ):  # fmt: skip
        listed = yaml.safe_load((SHIPPED / "members" / f"{name}.yml").read_text())["members"]
        assert [member["code"] for member in listed] == list(codes)
        assert set(range(len(codes))) <= set(used.tolist())


def test_a_scene_is_used_from_the_day_on_which_it_is_listed(shop: Shop) -> None:
    events = shop[3]
    listed = yaml.safe_load((SHIPPED / "members" / "scenes.yml").read_text())["members"]
    for code, member in enumerate(listed):
        first = int(events.second[events.scene == code].min() // DAY)
        assert first == (member["since"] - START).days
