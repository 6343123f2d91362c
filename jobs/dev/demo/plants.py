"""Plants: faults that the demo contains on request, so that the true cause of a changed number is known.

outage:SCENE:DATE[:DATE]   nothing is logged in the scene on these days
vanished:EVENT_TYPE:DATE   the event type is not sent any more, from the day on
late_file:DATE:DAYS        half of the day's app log lands that many days later, in a separate file; beyond the
                           allowed lateness its records are late and not counted
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from conf.errors import ConfigError
from jobs.dev.demo.world import DAY, EVENT_TYPES, SCENE_CODES, SCENES, Bools, Events, Ints

FORMS = "outage:SCENE:DATE[:DATE], vanished:EVENT_TYPE:DATE, late_file:DATE:DAYS"


@dataclass(frozen=True)
class Traffic:
    """All events of the demo, from which a plant selects those that it touches.

    Attributes:
        start: first day of the demo.
        events: all events.
        arrival: day on which each event lands unless a plant delays it.
        is_second_part: whether the event belongs to the half of its day's log that a plant can delay.
    """

    start: date
    events: Events
    arrival: Ints
    is_second_part: Bools

    def happened(self, first: date, last: date) -> Bools:
        """Mask of the events that happen on the days."""
        day = self.events.second // DAY
        return (day >= (first - self.start).days) & (day <= (last - self.start).days)


@dataclass(frozen=True)
class Outage:
    """A scene logs nothing from the first to the last day."""

    scene: str
    date_from: date
    date_to: date

    def touches(self, traffic: Traffic) -> Bools:
        """Mask of the events that are removed."""
        of_scene = traffic.events.scene == SCENE_CODES.index(self.scene)
        return of_scene & traffic.happened(self.date_from, self.date_to)


@dataclass(frozen=True)
class Vanished:
    """An event type is not sent from the day on."""

    event_type: str
    date_from: date

    def touches(self, traffic: Traffic) -> Bools:
        """Mask of the events that are removed."""
        of_type = traffic.events.kind == EVENT_TYPES.index(self.event_type)
        return of_type & traffic.happened(self.date_from, date.max)


@dataclass(frozen=True)
class LateFile:
    """Half of what the app log should land on a day lands days later."""

    landing_date: date
    days_late: int

    @property
    def landed_on(self) -> date:
        """Day on which the file lands."""
        return self.landing_date + timedelta(days=self.days_late)

    def touches(self, traffic: Traffic) -> Bools:
        """Mask of the events that are delayed."""
        return traffic.is_second_part & (traffic.arrival == (self.landing_date - traffic.start).days)


Plant = Outage | Vanished | LateFile
NAMES = {Outage: "outage", Vanished: "vanished", LateFile: "late_file"}


def parse(text: str, start: date, days: int) -> Plant:
    """Parse a plant from its text on the command line.

    Raises:
        ConfigError: the text has none of the forms, or names a scene, an event type or a day that the demo does not have.
    """
    kind, *rest = text.split(":")
    try:
        if kind == "outage" and len(rest) in (2, 3):
            plant: Plant = Outage(
                _one_of(SCENES, rest[0]), *_in_order(_day(rest[1], start, days), _day(rest[-1], start, days))
            )
        elif kind == "vanished" and len(rest) == 2:
            plant = Vanished(_one_of(EVENT_TYPES, rest[0]), _day(rest[1], start, days))
        elif kind == "late_file" and len(rest) == 2:
            plant = LateFile(_day(rest[0], start, days), _wait(rest[1]))
            _day(plant.landed_on.isoformat(), start, days)
        else:
            raise ValueError(f"the forms are {FORMS}")
    except ValueError as error:
        raise ConfigError(f"--plant {text}: {error}") from error
    return plant


def _one_of(names: Sequence[str], name: str) -> str:
    if name not in names:
        raise ValueError(f"{name!r} is none of {', '.join(names)}")
    return name


def _in_order(first: date, last: date) -> tuple[date, date]:
    if last < first:
        raise ValueError("the last day lies before the first")
    return first, last


def _wait(text: str) -> int:
    if not text.isdigit() or text == "0":
        raise ValueError(f"{text!r} is no number of days from 1 on")
    return int(text)


def _day(text: str, start: date, days: int) -> date:
    day = date.fromisoformat(text)
    if not 0 <= (day - start).days < days:
        raise ValueError(f"{day} is not among the demo's days, {start} to {start + timedelta(days=days - 1)}")
    return day


def described(plant: Plant, events: int, lateness: int) -> dict[str, Any]:
    """The entry of truth.json for a plant, with the number of events that it removed or delayed."""
    said = {"plant": NAMES[type(plant)], **asdict(plant)}
    if isinstance(plant, LateFile):
        said |= {"landed_on": plant.landed_on, "is_within_lateness": plant.days_late <= lateness}
    return said | {"events": events}
