"""How far each kind of feed has arrived, by the calendar of its inputs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from conf.errors import SourceIncomplete
from conf.mapping import Delivery
from conf.settings import Settings
from jobs.period import Horizon

_DAY = timedelta(days=1)


def horizons(settings: Settings, landed_days: Mapping[str, set[date]]) -> dict[str, Horizon]:
    """The horizon of each kind of feed that is mapped and has landed.

    A kind that reads several inputs is as far as the least of them; an input with a daily calendar or a whole
    history that has not landed at all keeps its kind out, since nothing says how far it is.

    Args:
        settings: mappings and allowed lateness.
        landed_days: landing dates per `mapping.input`.
    """
    inputs: dict[str, dict[str, Delivery]] = {}
    for source, mapping in settings.sources.items():
        for feed in mapping.feeds.values():
            delivery = mapping.inputs[feed.input].delivery
            inputs.setdefault(feed.kind, {})[f"{source}.{feed.input}"] = delivery
    found: dict[str, Horizon] = {}
    for kind, deliveries in inputs.items():
        days = {name: landed_days.get(name) or set() for name in deliveries}
        if any(not days[name] and d.calendar != "as_delivered" for name, d in deliveries.items()):
            continue
        parts = [
            _horizon(kind, deliveries[n], d, settings.allowed_lateness_days) for n, d in days.items() if d
        ]
        if parts:
            found[kind] = _least(kind, parts)
    return found


def _horizon(kind: str, delivery: Delivery, days: set[date], lateness: int) -> Horizon:
    first, newest = min(days), max(days)
    if delivery.complete_through is not None:
        through = delivery.complete_through
        return Horizon(kind, through, through, through, is_whole=True)
    gaps: tuple[date, ...] = ()
    if delivery.calendar == "daily":
        promised = (first + _DAY * n for n in range((newest - first).days + 1))
        gaps = tuple(day for day in promised if day not in days)
    last = gaps[0] - _DAY if gaps else newest
    return Horizon(kind, first, last, last - _DAY * lateness, is_whole=False, gaps=gaps)


def _least(kind: str, parts: list[Horizon]) -> Horizon:
    return Horizon(
        kind,
        first_arrival=min(part.first_arrival for part in parts),
        last_arrival=min(part.last_arrival for part in parts),
        closed_through=min(part.closed_through for part in parts),
        is_whole=all(part.is_whole for part in parts),
        gaps=tuple(sorted({day for part in parts for day in part.gaps})),
    )


def require_activity(found: Mapping[str, Horizon]) -> None:
    """Activity is the one required source.

    Raises:
        SourceIncomplete: no activity has landed, or its first days are not all there.
    """
    if "activity" not in found:
        raise SourceIncomplete(
            "activity: an input that feeds activity has not landed on any day; it is required"
        )
