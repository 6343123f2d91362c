"""Who visits the demo shop on which day and what they do there, drawn from one seed with numpy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
SCENES = ("home_feed", "search", "category", "item_detail", "flash_sale", "cart", "group_buy", "share_card",
          "friends_circle", "short_video", "live_room", "reviews", "buying_guide")  # fmt: skip
TOOLS = ("coupon", "wishlist", "price_alert", "check_in", "lucky_draw", "compare", "size_advisor", "photo_search",
         "cart_reminder", "gift_card")  # fmt: skip
SERVICES = ("live_chat", "chat_bot", "return_desk", "delivery_tracking", "installation", "member_hotline")
UNLISTED = "popup_lab"
PLAIN = (
    "view",
    "search",
    "click",
    "add_to_cart",
    "favorite",
    "like",
    "comment",
    "share",
    "invite",
    "live_watch",
)
WEEKDAY = (0.92, 0.9, 0.93, 0.97, 1.1, 1.25, 1.2)
DAY = 86_400


@dataclass(frozen=True)
class Users:
    """Accounts by number.

    Attributes:
        registered: day of registration, counted from the first day of the demo; negative before it.
        habit: chance of a visit on an ordinary day.
        is_bot, is_staff: declared flags.
        changes: day on which the member level rises; -1 where it never does.
    """

    registered: Ints
    habit: Floats
    is_bot: npt.NDArray[np.bool_]
    is_staff: npt.NDArray[np.bool_]
    changes: Ints


@dataclass(frozen=True)
class Events:
    """One entry per event: user number (-1 without a user), seconds after the first local midnight, codes."""

    user: Ints
    second: Ints
    kind: npt.NDArray[np.str_]
    scene: npt.NDArray[np.str_]
    tool: npt.NDArray[np.str_]
    service: npt.NDArray[np.str_]
    chain: Ints

    def take(self, index: Ints | npt.NDArray[np.bool_]) -> Events:
        """The events of an index."""
        return Events(*(getattr(self, name)[index] for name in self.__dataclass_fields__))


def make_users(rng: np.random.Generator, count: int, days: int) -> Users:
    """Most accounts exist before the first day; few are heavy, bots or staff; some rise in level."""
    registered = np.where(rng.random(count) < 0.6, rng.integers(-120, 0, count), rng.integers(0, days, count))
    habit = np.clip(rng.beta(1.1, 2.6, count), 0.02, 0.97)
    is_bot = rng.random(count) < 0.006
    habit[is_bot] = 0.98
    is_staff = ~is_bot & (rng.random(count) < 0.005)
    changes = np.where(rng.random(count) < 0.05, rng.integers(1, days, count), -1)
    return Users(registered, habit, is_bot, is_staff, np.where(changes > registered, changes, -1))


def visits(rng: np.random.Generator, users: Users, days: int, start: date) -> tuple[Ints, Ints]:
    """(user, day) pairs of visits: weekday shape, growth by registrations, users that go and come back."""
    count = len(users.registered)
    day = np.arange(days)
    shape = np.array([WEEKDAY[(start.weekday() + d) % 7] for d in range(days)])
    chance = users.habit[:, None] * shape[None, :]
    gone_from = rng.integers(0, days, count)
    gone_for = np.where(rng.random(count) < 0.45, rng.integers(5, 41, count), 0)
    is_gone = (day >= gone_from[:, None]) & (day < (gone_from + gone_for)[:, None])
    is_open = day >= users.registered[:, None]
    user, at = np.nonzero((rng.random((count, days)) < chance) & is_open & ~is_gone)
    return user.astype(np.int64), at.astype(np.int64)


def make_events(
    rng: np.random.Generator, user: Ints, day: Ints, is_bot: npt.NDArray[np.bool_], mean: float
) -> Events:
    """Sessions of the visits; a third of them are touch chains: exposure → tool → service → activity."""
    size = 1 + rng.poisson(np.where(is_bot[user], mean * 6, mean))
    visit = np.repeat(np.arange(len(user)), size)
    first = np.repeat(np.cumsum(size) - size, size)
    place = np.arange(len(visit)) - first
    begin = np.clip(rng.normal(19.5 * 3600, 4.2 * 3600, len(user)), 0, DAY - 60).astype(np.int64)
    gaps = rng.integers(4, 420, len(visit))
    gaps[place == 0] = 0
    run = np.cumsum(gaps)
    second = day[visit] * DAY + begin[visit] + run - run[first]
    touched = rng.random(len(user)) < 0.33
    in_chain = touched[visit]
    kind = np.array(PLAIN)[rng.choice(len(PLAIN), len(visit), p=_weights())]
    kind = np.where(rng.random(len(visit)) < 0.08, "exposure", kind)
    scene = np.array(SCENES)[rng.zipf(1.4, len(visit)) % len(SCENES)]
    scene = np.where(rng.random(len(visit)) < 0.06, "", scene)
    scene = np.where(rng.random(len(visit)) < 0.003, UNLISTED, scene)
    tool = np.where(
        rng.random(len(visit)) < 0.12, np.array(TOOLS)[rng.integers(0, len(TOOLS), len(visit))], ""
    )
    service = np.where(rng.random(len(visit)) < 0.03, np.array(SERVICES)[rng.integers(0, 6, len(visit))], "")
    kind = np.where(in_chain & (place == 0), "exposure", kind)
    uses, asks = in_chain & (place == 1), in_chain & (place == 2)
    kind = np.where(uses, "tool_use", np.where(asks, "service_contact", kind))
    tool = np.where(uses & (tool == ""), TOOLS[0], tool)
    service = np.where(asks & (service == ""), SERVICES[0], service)
    who = np.where(rng.random(len(visit)) < 0.03, -1, user[visit])
    return Events(who, second, kind, scene, tool, service, np.where(in_chain, visit, -1))


def _weights() -> Floats:
    weights = np.array([40, 12, 20, 7, 5, 6, 2, 2, 1, 5], dtype=float)
    return weights / weights.sum()
