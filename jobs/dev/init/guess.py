"""What a column is, by its name and its values; where they do not both speak for it, nothing."""

from __future__ import annotations

import json
import re

from conf.mapping import EPOCHS, ISO, FeedKind
from conf.reading import OPEN
from jobs.dev.init.sample import Sample

USER = re.compile(r"(user|customer|member|buyer|client|account)_?(id|no|code)?$|^uid$", re.I)
EVENT = re.compile(r"^(event|action|behaviou?r)(_?(type|name))?$", re.I)
ORDER = re.compile(r"(order|invoice)_?(id|no|number)$", re.I)
REFUND = re.compile(r"refund_?(id|no|number)$", re.I)
AMOUNT = re.compile(r"^(\w+_)?amount$|^(total|gmv)$", re.I)
QUANTITY, PRICE = re.compile(r"quantity|qty", re.I), re.compile(r"price", re.I)
_TIME = re.compile(r"time|date|_at$|^ts$", re.I)
_TIME_OF = {"paid_at": re.compile("pay|paid", re.I), "registered_at": re.compile("regist|sign_?up", re.I)}
_KINDS: dict[FeedKind, tuple[re.Pattern[str], ...]] = {
    "refunds": (REFUND, AMOUNT),
    "orders": (ORDER, AMOUNT),
    "activity": (USER, EVENT),
    "users": (USER, _TIME_OF["registered_at"]),
}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$")
_OFFSET = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
_WORDS = ("y", "n", "yes", "no", "on", "off", "true", "false", "null")


def column(sample: Sample, pattern: re.Pattern[str]) -> str | None:
    """The first column whose name fits, as it is written in YAML."""
    found = next((name for name in sample.values if pattern.search(name)), None)
    return quoted(found) if found is not None else None


def quoted(name: str) -> str:
    """A name in YAML, in quotes where it would be read as something else."""
    is_plain = re.fullmatch(r"[^\W\d]\w*", name) and name.lower() not in _WORDS and name != OPEN
    return name if is_plain else json.dumps(name, ensure_ascii=False)


def kind_of(sample: Sample) -> FeedKind | None:
    """What the records are, where their columns say so."""
    for kind, patterns in _KINDS.items():
        if all(column(sample, pattern) for pattern in patterns):
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
    pattern = _TIME_OF.get(target, _TIME)
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
