"""How far each kind of feed has arrived, by the calendar of its inputs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from conf.errors import SourceIncomplete
from conf.mapping import Delivery
from conf.settings import Settings
from jobs.calendar.dates import dates
from schemas.kinds import KINDS, REQUIRED

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Horizon:
    """How far one kind of feed has arrived.

    Attributes:
        first_arrival: first landed day; first event date for whole deliveries is found later, in the events.
        last_arrival: last day up to which every file that the calendar promises has arrived.
        closed_through: last business day that can get no more records by the rules of lateness.
        is_whole: every input of the kind is a history delivered whole.
        is_daily: an input of the kind owes a file of every day.
        gaps: inputs and days that a daily calendar promises and that have not landed, up to the newest landed day.
    """

    first_arrival: date
    last_arrival: date
    closed_through: date
    is_whole: bool = False
    is_daily: bool = False
    gaps: tuple[tuple[str, date], ...] = ()


def horizons(settings: Settings, landed_days: Mapping[str, set[date]]) -> dict[str, Horizon]:
    """The horizon of each kind of feed that is mapped and whose inputs that owe days have landed.

    A kind that reads several inputs is as far as the least of them; an input with a daily calendar or a whole
    history that has not landed at all keeps its kind out, since nothing says how far it is. An input that comes as
    delivered owes no day and holds nothing back: where a kind has no other one, it is as far as the required kind is,
    whether a file has come or not (a snapshot once one has come), and the required kind as far as its newest file.

    Args:
        settings: mappings and allowed lateness.
        landed_days: landing dates per `mapping.input`.
    """
    inputs: dict[str, dict[str, Delivery]] = {}
    for source, mapping in settings.sources.items():
        for feed in mapping.feeds.values():
            delivery = mapping.inputs[feed.input].delivery
            inputs.setdefault(feed.kind, {})[f"{source}.{feed.input}"] = delivery
    late = settings.allowed_lateness_days
    horizon: dict[str, Horizon] = {}
    for kind in sorted(inputs, key=lambda kind: kind != REQUIRED.name):
        promised = {name: d for name, d in inputs[kind].items() if d.calendar != "as_delivered"}
        if not all(landed_days.get(name) for name in promised):
            continue
        promising = [_horizon(name, delivery, landed_days[name], late) for name, delivery in promised.items()]
        free = {day for name in inputs[kind].keys() - promised.keys() for day in landed_days.get(name, ())}
        if promising:
            horizon[kind] = _least(promising, free)
        elif kind == REQUIRED.name and free:
            horizon[kind] = Horizon(min(free), max(free), max(free) - _DAY * late)
        elif REQUIRED.name in horizon and (free or KINDS[kind].has_lateness):
            # A snapshot waits for its first list, which tells of all days before it.
            required = horizon[REQUIRED.name]
            horizon[kind] = Horizon(required.first_arrival, required.last_arrival, required.closed_through)
    return horizon


def _horizon(name: str, delivery: Delivery, days: set[date], lateness: int) -> Horizon:
    """How far an input is that owes its days."""
    first, newest = min(days), max(days)
    if delivery.complete_through is not None:
        through = delivery.complete_through
        return Horizon(through, through, through, is_whole=True)
    gaps = tuple((name, day) for day in dates(first, newest) if day not in days)
    last = gaps[0][1] - _DAY if gaps else newest
    return Horizon(first, last, last - _DAY * lateness, is_daily=True, gaps=gaps)


def _least(promising: list[Horizon], free: set[date]) -> Horizon:
    """The horizon of inputs that owe days, beside days on which others have delivered."""
    return Horizon(
        first_arrival=min(*(part.first_arrival for part in promising), *free, date.max),
        last_arrival=min(part.last_arrival for part in promising),
        closed_through=min(part.closed_through for part in promising),
        is_whole=not free and all(part.is_whole for part in promising),
        is_daily=any(part.is_daily for part in promising),
        gaps=tuple(sorted(gap for part in promising for gap in part.gaps)),
    )


def require_landed_kind(horizon: Mapping[str, Horizon]) -> None:
    """The required kind has landed.

    Raises:
        SourceIncomplete: nothing of it has landed, or its first days are not all there.
    """
    if REQUIRED.name not in horizon:
        name = REQUIRED.name
        raise SourceIncomplete(
            f"{name}: an input that feeds {name} has not landed on any day; it is required"
        )


def missing_days(horizon: Horizon) -> list[str]:
    """A line per input and day that a kind waits for."""
    return [f"{name}: {day} has not landed, and a file of a later day has" for name, day in horizon.gaps]
