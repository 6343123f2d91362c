"""Whether a day has landed: what a scheduler waits for. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from conf.errors import SourceIncomplete
from conf.settings import Settings
from jobs.sources.files.landing import LandedFile


def require_landed(settings: Settings, files: Iterable[LandedFile], day: date) -> None:
    """Every input that feeds activity has landed the day, by its calendar.

    An input that comes as delivered owes no day; a history delivered whole owes the days up to complete_through.

    Args:
        files: what has landed.

    Raises:
        SourceIncomplete: names every input that owes the day, and where its files are looked for.
    """
    there = {(file.input, file.landing_date) for file in files}
    owing = []
    for source, mapping in settings.sources.items():
        for name in sorted({feed.input for feed in mapping.feeds.values() if feed.kind == "activity"}):
            declared = mapping.inputs[name]
            through = declared.delivery.complete_through
            owed = through or day
            if declared.delivery.calendar == "as_delivered" or (through is not None and day > through):
                continue
            if (f"{source}.{name}", owed) not in there:
                where = f"{settings.root_of(source)}/{declared.path}"
                owing.append(f"{source}.{name}: {day} has not landed ({where})")
    if owing:
        raise SourceIncomplete("\n".join(owing))
