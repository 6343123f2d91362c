"""What a column is, by its name and its values; where they do not both speak for it, nothing."""

from __future__ import annotations

import json
import re

from conf.reading import OPEN
from conf.times import EPOCHS, ISO
from jobs.dev.init.sample import Sample
from schemas.kinds import KINDS
from schemas.kinds.declaration import Kind

_TIME = re.compile(r"time|date|_at$|^ts$", re.I)
_ALIKE = {name: names for kind in KINDS.values() for name, names in kind.recognition.alike.items()}
"""Contract column → names that it has elsewhere."""
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$")
_OFFSET = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
_YAML_WORDS = ("y", "n", "yes", "no", "on", "off", "true", "false", "null")


def column(sample: Sample, pattern: re.Pattern[str]) -> str | None:
    """The first column whose name fits, as it is written in YAML."""
    match = next((name for name in sample.values if pattern.search(name)), None)
    return quoted(match) if match is not None else None


def quoted(name: str) -> str:
    """A name in YAML, in quotes where it would be read as something else."""
    is_plain = re.fullmatch(r"[^\W\d]\w*", name) and name.lower() not in _YAML_WORDS and name != OPEN
    return name if is_plain else json.dumps(name, ensure_ascii=False)


def column_like(sample: Sample, target: str) -> str | None:
    """The first column that is named as a contract column, or as it is named elsewhere."""
    return column(sample, _ALIKE.get(target, re.compile(f"^{target}$")))


def kind_of(sample: Sample) -> Kind | None:
    """What the records are, where their columns say so."""
    for kind in sorted(KINDS.values(), key=lambda kind: kind.recognition.rank):
        if all(column(sample, names) for names in kind.recognition.columns):
            return kind
    return None


def time_form(values: list[str]) -> str | None:
    """iso, epoch_s, epoch_ms or epoch_us where every value is of that form, in this century; else None."""
    if values and all(_ISO.match(value) for value in values):
        return ISO
    numbers = [int(value) for value in values if re.fullmatch(r"\d{9,17}", value)]
    if not values or len(numbers) != len(values):
        return None
    for form, micros in EPOCHS.items():
        seconds = [number * micros / 1_000_000 for number in numbers]
        if all(946_684_800 <= second < 4_102_444_800 for second in seconds):
            return form
    return None


def instant(sample: Sample, target: str) -> str | None:
    """The rule of an instant: the column of its name, else one that is named like it."""
    pattern = _ALIKE.get(target, _TIME)
    names = [target, *(name for name in sample.values if pattern.search(name))]
    for name in names:
        form = time_form(sample.values.get(name, []))
        if form is not None:
            return f"{{column: {quoted(name)}, time: {form}}}"
    return None


def needs_zone(samples: list[Sample]) -> bool:
    """False only where there are times, and each of them is an epoch or says its offset."""
    columns = [(name, values) for sample in samples for name, values in sample.values.items()]
    times = [values for name, values in columns if _TIME.search(name) or time_form(values) == ISO]
    return not times or not all(_is_absolute(values) for values in times)


def _is_absolute(values: list[str]) -> bool:
    form = time_form(values)
    return form in EPOCHS or (form == ISO and all(_OFFSET.search(value[10:]) for value in values))
