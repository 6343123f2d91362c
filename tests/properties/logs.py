"""Worlds to compare on: one big log, one of long gaps, and generated ones."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.oracle.world import Event, World

ZONE = "America/New_York"
START = date(2025, 10, 20)
CODES: dict[str, tuple[str | None, ...]] = {
    "scene": ("home", "feed", "search", "strange", None), "tool": ("cart", "coupon", None), "service": ("chat", None),
}  # fmt: skip
EDGES = (0, 1, 86_399, 43_200, 3_600, 5_400, 7_200, 9_000)
"""Seconds of the local day: midnight and a second to each side, noon, and the hours of both DST changes."""


def local(day: date, second: int) -> datetime:
    """The instant of a local wall-clock second of the day."""
    wall = datetime.combine(day, time()) + timedelta(seconds=second)
    return wall.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


def declared(since: date) -> dict[tuple[str, str], date]:
    """Members: one from mid-range on, one without any event; tools are discovered."""
    return {
        ("scene", "home"): START, ("scene", "feed"): since, ("scene", "never"): START, ("service", "chat"): START,
        ("tool", "cart"): START,
    }  # fmt: skip


def world(events: list[Event], days: int, excluded: frozenset[tuple[str, date]] = frozenset()) -> World:
    """The events as a world of that many days, the last 3 of them not closed."""
    last = START + timedelta(days=days - 1)
    return World(
        tuple(events), declared(START + timedelta(days=days // 2)), ZONE, START, last, last - timedelta(days=3),
        frozenset({"tool"}), excluded,
    )  # fmt: skip


def big(days: int, users: int) -> World:
    """Users of every habit over both DST nights; days 40 to 42 are empty; user 1 is a bot from day 50 on."""
    random = Random(7)
    events: list[Event] = []
    for user in range(users):
        habit = random.choice((0.03, 0.1, 0.4, 0.95))
        for n in range(days):
            for _ in range(
                random.choice((1, 1, 2)) if random.random() < habit and n not in (40, 41, 42) else 0
            ):
                chosen = {name: random.choice(values) for name, values in CODES.items()}
                who = None if random.random() < 0.05 else f"u{user}"
                at = local(START + timedelta(days=n), random.choice(EDGES))
                is_exposure = user == 2 or random.random() < 0.1
                kind = ("view", "like", "share")[len(events) % 3]
                events.append(Event(f"e{len(events)}", who, at, is_exposure, event_type=kind, **chosen))
    bot_from = START + timedelta(days=50)
    return world(events, days, frozenset(("u1", bot_from + timedelta(days=n)) for n in range(days)))


def long_gaps() -> World:
    """Users whose activities lie 62, 63, 64 and 400 days apart, and one chain of all of them."""
    visits = {
        "a": (0, 62),
        "b": (0, 63),
        "c": (0, 64),
        "d": (0, 400),
        "e": (0, 1, 62, 124, 187, 188, 251, 315),
    }
    events = [
        Event(f"{user}{n}", user, local(START + timedelta(days=n), 43_200), scene="home", service=None)
        for user, days in visits.items()
        for n in days
    ]
    return world(events, 404)


@st.composite
def worlds(draw: st.DrawFn, days: int = 75) -> World:
    """10 to 40 users with a few visits each, drawn event by event."""
    visit = st.tuples(
        st.integers(0, days - 1), st.sampled_from(EDGES), st.sampled_from(CODES["scene"]),
        st.sampled_from(CODES["tool"]), st.sampled_from(CODES["service"]), st.sampled_from("aaaaxn"),
    )  # fmt: skip
    users = draw(st.lists(st.lists(visit, max_size=8), min_size=10, max_size=40))
    events = [
        Event(
            f"{user}-{n}", None if kind == "n" else f"u{user}", local(START + timedelta(days=day), second),
            kind == "x", scene, tool, service,
        )
        for user, visits in enumerate(users)
        for n, (day, second, scene, tool, service, kind) in enumerate(visits)
    ]  # fmt: skip
    return world(events, days)
