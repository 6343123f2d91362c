"""The users of the demo shop, their visits and their events, drawn with numpy from one seed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

import numpy as np
import numpy.typing as npt

from jobs.dev.demo.lines import NONE

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
SCENES = ("home_feed", "search", "category", "item_detail", "flash_sale", "cart", "group_buy", "share_card",
          "friends_circle", "short_video", "live_room", "reviews", "buying_guide")  # fmt: skip
TOOLS = ("coupon", "wishlist", "price_alert", "check_in", "lucky_draw", "compare", "size_advisor", "photo_search",
         "cart_reminder", "gift_card")  # fmt: skip
SERVICES = ("live_chat", "chat_bot", "return_desk", "delivery_tracking", "installation", "member_hotline")
UNLISTED = "popup_lab"
SCENE_CODES = (*SCENES, UNLISTED)
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
EVENT_TYPES = (*PLAIN, "exposure", "tool_use", "service_contact")
OF_AN_ITEM = ("view", "click", "add_to_cart", "favorite", "exposure")
ITEMS, MERCHANTS = 800, 40
WEEKDAY = (0.92, 0.9, 0.93, 0.97, 1.1, 1.25, 1.2)
DAY = 86_400
LAUNCH_DAY = 19
"""Day on which the last scene of SCENES opens; until then its visitors are in the scene `reviews`."""
_SCENE_SHARES = (18, 12, 8, 14, 9, 6, 5, 3, 4, 9, 6, 4, 2)
_KIND_SHARES = (40, 12, 20, 7, 5, 6, 2, 2, 1, 5)
_EVENTS_PER_VISIT, _BOT_FACTOR = 8.5, 6
_CHAIN = 4


@dataclass(frozen=True)
class Users:
    """The accounts; one array entry per user number.

    Attributes:
        registered: day of registration, counted from the first day of the demo; negative before it.
        habit: probability of a visit on an ordinary day.
        is_bot, is_staff: declared flags.
        changes: day on which the member level rises; NONE if it never does.
    """

    registered: Ints
    habit: Floats
    is_bot: Bools
    is_staff: Bools
    changes: Ints


@dataclass(frozen=True)
class Events:
    """The events; one array entry per event, NONE for a value that the event lacks.

    Attributes:
        user: number of the user.
        second: seconds after the first local midnight of the demo.
        kind: index into EVENT_TYPES.
        scene, tool, service: indexes into SCENE_CODES, TOOLS and SERVICES.
        chain: number of the touch chain.
        visit: number of the session.
        item: number of the item.
    """

    user: Ints
    second: Ints
    kind: Codes
    scene: Codes
    tool: Codes
    service: Codes
    chain: Ints
    visit: Ints
    item: Ints

    def take(self, index: Ints | Bools) -> Events:
        """The events that an index or a mask selects."""
        return Events(*(getattr(self, field.name)[index] for field in fields(self)))


def make_users(rng: np.random.Generator, count: int, days: int) -> Users:
    """Draw accounts: most exist before the first day, few are heavy users, bots or staff, some rise in level."""
    registered = np.where(rng.random(count) < 0.6, rng.integers(-120, 0, count), rng.integers(0, days, count))
    habit = np.clip(rng.beta(1.1, 2.6, count), 0.02, 0.97)
    is_bot = rng.random(count) < 0.006
    habit[is_bot] = 0.98
    is_staff = ~is_bot & (rng.random(count) < 0.005)
    rises = (rng.random(count) < 0.05) & (days > 1)
    changes = np.where(rises, rng.integers(1, max(days, 2), count), NONE)
    return Users(registered, habit, is_bot, is_staff, np.where(changes > registered, changes, NONE))


def visits(rng: np.random.Generator, users: Users, days: int, start: date) -> tuple[Ints, Ints]:
    """Draw visits as (user, day); with a weekly rhythm, growth by registrations, and users who leave or pause."""
    count = len(users.registered)
    day = np.arange(days)
    shape = np.array([WEEKDAY[(start.weekday() + d) % 7] for d in range(days)])
    chance = users.habit[:, None] * shape[None, :]
    gone_from = rng.integers(0, days, count)
    comes_back, leaves = rng.random(count) < 0.45, rng.random(count) < 0.08
    gone_for = np.where(leaves, days, np.where(comes_back, rng.integers(5, 41, count), 0))
    is_gone = (day >= gone_from[:, None]) & (day < (gone_from + gone_for)[:, None])
    is_open = day >= users.registered[:, None]
    user, at = np.nonzero((rng.random((count, days)) < chance) & is_open & ~is_gone)
    return user.astype(np.int64), at.astype(np.int64)


def make_events(rng: np.random.Generator, user: Ints, day: Ints, is_bot: Bools) -> Events:
    """Draw the events of each visit's session, of which some pass midnight; a third of the sessions begin a touch chain.

    A chain is an exposure in a scene, then a tool, then a service, then the user's next event, which is in the same
    session or the first one of the next session.
    """
    size = 1 + rng.poisson(_EVENTS_PER_VISIT * np.where(is_bot[user], _BOT_FACTOR, 1))
    visit = np.repeat(np.arange(len(user)), size)
    first = np.repeat(np.cumsum(size) - size, size)
    count = len(visit)
    index_in_visit = np.arange(count) - first
    begin = np.clip(rng.normal(19.5 * 3600, 4.2 * 3600, len(user)), 0, DAY - 60).astype(np.int64)
    gaps = rng.integers(4, 420, count)
    gaps[index_in_visit == 0] = 0
    run = np.cumsum(gaps)
    second = day[visit] * DAY + begin[visit] + run - run[first]
    starts, chain = _chains(rng, user, visit, index_in_visit)
    kind = _picked(rng, count, _KIND_SHARES)
    kind = np.where(rng.random(count) < 0.08, EVENT_TYPES.index("exposure"), kind)
    for step, name in enumerate(("exposure", "tool_use", "service_contact")):
        kind = np.where(starts & (index_in_visit == step), EVENT_TYPES.index(name), kind)
    scene = _picked(rng, count, _SCENE_SHARES)
    last = len(SCENES) - 1
    scene = np.where((scene == last) & (second < LAUNCH_DAY * DAY), SCENES.index("reviews"), scene)
    scene = np.where((rng.random(count) < 0.06) & ~(starts & (index_in_visit == 0)), NONE, scene)
    scene = np.where(rng.random(count) < 0.003, SCENE_CODES.index(UNLISTED), scene)
    tool, service = rng.integers(0, len(TOOLS), count), rng.integers(0, len(SERVICES), count)
    uses = (kind == EVENT_TYPES.index("tool_use")) | (rng.random(count) < 0.12)
    asks = (kind == EVENT_TYPES.index("service_contact")) | (rng.random(count) < 0.03)
    has_item = np.isin(kind, [EVENT_TYPES.index(name) for name in OF_AN_ITEM])
    item = (ITEMS * rng.random(count) ** 2).astype(np.int64)
    return Events(
        user=np.where(rng.random(count) < 0.03, NONE, user[visit]),
        second=second,
        kind=kind.astype(np.int8),
        scene=scene.astype(np.int8),
        tool=np.where(uses, tool, NONE).astype(np.int8),
        service=np.where(asks, service, NONE).astype(np.int8),
        chain=chain,
        visit=visit,
        item=np.where(has_item, item, NONE),
    )


def _picked(rng: np.random.Generator, count: int, shares: tuple[int, ...]) -> Ints:
    weights = np.array(shares, dtype=float)
    return rng.choice(len(shares), count, p=weights / weights.sum())


def _chains(rng: np.random.Generator, user: Ints, visit: Ints, index_in_visit: Ints) -> tuple[Bools, Ints]:
    """(whether each event's session begins a chain, number of the chain of each event or NONE).

    Visits are sorted by user and day, so that the next visit of the same user is the next entry.
    """
    touched = rng.random(len(user)) < 0.33
    follows = np.zeros(len(user), bool)
    follows[1:] = touched[:-1] & ~touched[1:] & (user[1:] == user[:-1])
    follows &= rng.random(len(user)) < 0.4
    in_chain = touched[visit] & (index_in_visit < _CHAIN)
    continues_chain = follows[visit] & (index_in_visit == 0)
    return touched[visit], np.where(in_chain, visit, np.where(continues_chain, visit - 1, NONE))
