"""Samples → the text of a first mapping; a guess is made only where name and values both speak for it."""

from __future__ import annotations

import re
from pathlib import Path

from conf.reading import OPEN
from jobs.init.sample import Sample

_USER = re.compile(r"(user|customer|member|buyer|client|account)_?(id|no|code)?$|^uid$", re.I)
_TIME = re.compile(r"time|date|_at$|^ts$", re.I)
_EVENT = re.compile(r"^(event|action|behaviou?r)(_?(type|name))?$", re.I)
_ORDER = re.compile(r"(order|invoice)_?(id|no|number)$", re.I)
_QUANTITY, _PRICE = re.compile(r"quantity|qty", re.I), re.compile(r"price", re.I)
_OTHERS = {
    "session_id": re.compile(r"session_?(id)?$", re.I),
    "item_id": re.compile(r"(item|product|stock|sku)_?(id|code|no)$", re.I),
    "scene_id": re.compile(r"scene(_?(id|code))?$", re.I),
    "tool_id": re.compile(r"tool(_?(id|code))?$", re.I),
    "service_id": re.compile(r"service(_?(id|code))?$", re.I),
    "touch_id": re.compile(r"touch_?id$", re.I),
}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$")
_EPOCHS = ((1e9, 1e10, "epoch_s"), (1e12, 1e13, "epoch_ms"), (1e15, 1e16, "epoch_us"))


def _column(sample: Sample, pattern: re.Pattern[str]) -> str | None:
    return next((name for name in sample.values if pattern.search(name)), None)


def time_form(values: list[str]) -> str | None:
    """iso, epoch_s, epoch_ms or epoch_us where every value is of that form; else None."""
    if values and all(_ISO.match(value) for value in values):
        return "iso"
    numbers = [float(value) for value in values if re.fullmatch(r"\d{9,17}", value)]
    if values and len(numbers) == len(values):
        return next((name for low, high, name in _EPOCHS if all(low <= n < high for n in numbers)), None)
    return None


def _instant(sample: Sample) -> str:
    for name, values in sample.values.items():
        form = time_form(values)
        if _TIME.search(name) and form:
            return f"{{column: {name}, time: {form}}}"
    return f"{OPEN}  # the column of the instant, as {{column: NAME, time: iso}}"


def _needs_zone(samples: list[Sample]) -> bool:
    values = [
        v for s in samples for name, column in s.values.items() if _TIME.search(name) for v in column[:20]
    ]
    return any(_ISO.match(v) and not re.search(r"(Z|[+-]\d{2}:?\d{2})$", v) for v in values)


def draft(source: str, root: Path, samples: list[Sample]) -> str:
    """The text of `sources/<source>.yml`."""
    zone = f"{OPEN}  # IANA zone of times without an offset" if _needs_zone(samples) else "UTC"
    lines = [f"title: {source}", f"root: {root}", f"zone: {zone}", "inputs:"]
    for sample in samples:
        lines += _input(sample)
    lines.append("feeds:")
    for sample in samples:
        is_lines = all(_column(sample, p) for p in (_ORDER, _QUANTITY, _PRICE))
        lines += _order_lines(sample) if is_lines else _activity(sample)
    return "\n".join(lines) + "\n"


def _input(sample: Sample) -> list[str]:
    form = [f"kind: {sample.form.kind}"]
    form += [f'delimiter: "{sample.form.delimiter}"'] if sample.form.delimiter != "," else []
    form += [f"encoding: {sample.form.encoding}"] if sample.form.encoding != "utf-8" else []
    how = "{calendar: daily}, {calendar: as_delivered} or " if sample.is_dated else ""
    return [
        f"  {sample.name}:",
        f'    path: "{sample.path}"',
        f"    format: {{{', '.join(form)}}}",
        f"    delivery: {OPEN}  # {how}{{complete_through: YYYY-MM-DD}}",
    ]


def _user(sample: Sample) -> str:
    return _column(sample, _USER) or f"{OPEN}  # the column of the user"


def _activity(sample: Sample) -> list[str]:
    event = _column(sample, _EVENT)
    key = _column(sample, re.compile(r"^(event_?id|id)$", re.I))
    lines = [
        f"  {sample.name}_activity:",
        "    kind: activity",
        f"    input: {sample.name}",
        f"    key: {'{column: ' + key + '}' if key else OPEN + '  # {column: NAME}, content or position'}",
        "    columns:",
        f"      user_id: {_user(sample)}",
        f"      event_at: {_instant(sample)}",
        f"      event_type: {event or OPEN + '  # a column, or {constant: WORD}'}",
    ]
    return lines + _others(sample, event)


def _others(sample: Sample, event: str | None) -> list[str]:
    lines = []
    for target, pattern in _OTHERS.items():
        found = _column(sample, pattern)
        if found:
            lines.append(f"      {target}: {found}")
        elif target in ("scene_id", "tool_id", "service_id"):
            codes = f"{{column: {event}, codes: {{VALUE: code}}}}" if event else "{constant: code}"
            lines.append(
                f"      {target}: {OPEN}  # a column or {codes}; remove the line where there is none"
            )
    return lines


def _order_lines(sample: Sample) -> list[str]:
    order, quantity, price = (_column(sample, p) for p in (_ORDER, _QUANTITY, _PRICE))
    user, at, item = _user(sample), _instant(sample), _column(sample, _OTHERS["item_id"])
    item_line = [f"      item_id: {item}"] if item else []
    filters = [
        "    filters:",
        f"      no_customer: {user.split()[0]} IS NULL",
    ]
    is_refund = f"startswith({order}, '{OPEN}')"
    return [
        "  activity:", "    kind: activity", f"    input: {sample.name}", "    key: position", *filters,
        f"      credit_note: {is_refund}", "    columns:", f"      user_id: {user}", f"      event_at: {at}",
        "      event_type: {constant: order_line}", f"      scene_id: {OPEN}  # a column, or remove the line",
        *item_line,
        "  orders:", "    kind: orders", f"    input: {sample.name}", "    key: position", "    grain: line", *filters,
        f"      credit_note: {is_refund}", "    columns:", f"      order_id: {order}", f"      user_id: {user}",
        f"      paid_at: {at}", *item_line, f"      quantity: {quantity}", f"      unit_price: {price}",
        f"      amount: {{expression: {quantity} * {price}}}",
        "  refunds:", "    kind: refunds", f"    input: {sample.name}", "    key: position", "    grain: line", *filters,
        f"      invoice: NOT {is_refund}", "    columns:", f"      refund_id: {order}", f"      user_id: {user}",
        f"      refunded_at: {at}", f'      amount: {{expression: "-({quantity} * {price})"}}',
        "  users:", "    kind: users", f"    input: {sample.name}", f"    key: {{column: {user.split()[0]}}}", *filters,
        "    columns: {}",
    ]  # fmt: skip


def write(folder: Path, source: str, root: Path, samples: list[Sample]) -> list[Path]:
    """Write settings, the mapping and empty members files; files that exist are left alone."""
    texts = {
        folder / "settings.yml": f"business_zone: {OPEN}  # IANA zone of the business day\n",
        folder / "sources" / f"{source}.yml": draft(source, root, samples),
        **{
            folder
            / "members"
            / f"{kind}.yml": "discover: false  # true: every code that appears becomes a member\nmembers: []\n"
            for kind in ("scenes", "tools", "services")
        },
    }
    written = []
    for path, text in texts.items():
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            written.append(path)
    return written
