"""Whether a day has landed: what a scheduler waits for. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from conf.errors import SourceIncomplete
from conf.settings import Settings
from jobs.sources.files.landing import LandedFile
from schemas.kinds import REQUIRED


def require_landed(settings: Settings, files: Iterable[LandedFile], day: date) -> None:
    """Every input of the required kind has landed the day, by its calendar.

    An input that comes as delivered owes no day; a history delivered whole owes the days up to complete_through.

    Args:
        files: what has landed.

    Raises:
        SourceIncomplete: names every input that owes the day, and where its files are looked for.
    """
    landed = {(file.input, file.landing_date) for file in files}
    missing = []
    for source, mapping in settings.sources.items():
        for name in sorted({feed.input for feed in mapping.feeds.values() if feed.kind == REQUIRED.name}):
            declared = mapping.inputs[name]
            through = declared.delivery.complete_through
            expected = through or day
            if declared.delivery.calendar == "as_delivered" or (through is not None and day > through):
                continue
            if (f"{source}.{name}", expected) not in landed:
                where = f"{settings.root_of(source)}/{declared.path}"
                missing.append(f"{source}.{name}: {day} has not landed ({where})")
    if missing:
        raise SourceIncomplete("\n".join(missing))
