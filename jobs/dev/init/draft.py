"""Samples → the text of a first mapping; a guess is made only where name and values both speak for it."""

from __future__ import annotations

import re
from pathlib import Path

from conf.mapping import Feed, FeedKind, Key
from conf.reading import OPEN
from conf.scopes import CODE_COLUMNS, MEMBER_TYPES
from jobs.dev.init.guess import (
    AMOUNT,
    EVENT,
    ORDER,
    PRICE,
    QUANTITY,
    REFUND,
    USER,
    column,
    instant,
    kind_of,
    needs_zone,
    quoted,
)
from jobs.dev.init.sample import Sample
from jobs.mapping.targets import targets

_KEYS = {
    "activity": re.compile(r"^(event_?id|id)$", re.I), "orders": ORDER, "refunds": REFUND, "users": USER,
}  # fmt: skip
_MUST: dict[FeedKind, tuple[str, ...]] = {
    "activity": ("user_id", "event_at", "event_type"),
    "orders": ("user_id", "paid_at", "amount"),
    "refunds": ("user_id", "refunded_at", "amount"),
    "users": ("registered_at",),
}
_LIKE = {
    "user_id": USER,
    "event_type": EVENT,
    "amount": AMOUNT,
    "order_id": ORDER,
    "session_id": re.compile(r"session_?(id)?$", re.I),
    "item_id": re.compile(r"(item|product|stock|sku)_?(id|code|no)$", re.I),
    **{column: re.compile(rf"{name}(_?(id|code))?$", re.I) for name, column in CODE_COLUMNS.items()},
    "touch_id": re.compile(r"touch_?id$", re.I),
}
_MEMBERS = """discover: false  # true: every code that appears becomes a member
members:  # one a line, such as
#  - {code: search, name_en: Search, name_zh: 搜索, class: shopping, owner: search-team, since: 2026-01-01}
"""


def draft(source: str, root: Path, samples: list[Sample]) -> str:
    """The text of `sources/<source>.yml`."""
    zone = f"{OPEN}  # IANA zone of times without an offset" if needs_zone(samples) else "UTC"
    lines = [f"title: {quoted(source)}", f"root: {root}", f"zone: {zone}", "inputs:"]
    for sample in samples:
        lines += _input(sample)
    lines.append("feeds:")
    for sample in samples:
        is_lines = all(column(sample, pattern) for pattern in (ORDER, QUANTITY, PRICE))
        lines += _order_lines(sample) if is_lines else _feed(sample)
    return "\n".join(lines) + "\n"


def _input(sample: Sample) -> list[str]:
    form = [f"kind: {sample.form.kind}"]
    form += [f"delimiter: {quoted(sample.form.delimiter)}"] if sample.form.delimiter != "," else []
    form += [f"encoding: {sample.form.encoding}"] if sample.form.encoding != "utf-8" else []
    how = "{calendar: daily}, {calendar: as_delivered} or " if sample.is_dated else ""
    return [
        f"  {sample.name}:",
        f'    path: "{sample.path}"',
        f"    format: {{{', '.join(form)}}}",
        f"    delivery: {OPEN}  # {how}{{complete_through: YYYY-MM-DD}}",
    ]


def _feed(sample: Sample) -> list[str]:
    """Records of one kind; where the columns do not say which, the kind is left open."""
    found = kind_of(sample)
    kind = found or "activity"
    key = column(sample, _KEYS[kind])
    return [
        f"  {sample.name}:" if kind in sample.name else f"  {sample.name}_{kind}:",
        f"    kind: {found or OPEN + '  # activity, orders, refunds or users'}",
        f"    input: {sample.name}",
        f"    key: {'{column: ' + key + '}' if key else OPEN + '  # {column: NAME}, content or position'}",
        "    columns:",
        *_columns(sample, kind),
    ]


def _columns(sample: Sample, kind: FeedKind) -> list[str]:
    contract = targets(Feed(kind=kind, input=sample.name, key=Key(position=True), columns={})).columns
    others = [name for name in contract if name not in _MUST[kind]]
    rules = {name: _rule(sample, name, contract[name].type) for name in (*_MUST[kind], *others)}
    lines = []
    for name, rule in rules.items():
        if rule is not None:
            lines.append(f"      {name}: {rule}")
        elif name in _MUST[kind]:
            lines.append(f"      {name}: {_open(name)}")
        elif name in CODE_COLUMNS.values():
            event = column(sample, EVENT)
            codes = f"{{column: {event}, codes: {{VALUE: code}}}}" if event else "{constant: code}"
            lines.append(f"      {name}: {OPEN}  # a column or {codes}; remove the line where there is none")
    return lines


def _rule(sample: Sample, name: str, kind: str) -> str | None:
    """The rule of a contract column: times by name and values, others by a name that is the same or alike."""
    if kind == "timestamp":
        is_sure = name in sample.values or any(name in must for must in _MUST.values())
        return instant(sample, name) if is_sure else None
    return column(sample, _LIKE.get(name, re.compile(f"^{name}$")))


def _open(name: str) -> str:
    if name.endswith("_at"):
        return f"{OPEN}  # the column of the instant, as {{column: NAME, time: iso}}"
    return f"{OPEN}  # a column, or {{constant: WORD}}" if name == "event_type" else f"{OPEN}  # a column"


def _order_lines(sample: Sample) -> list[str]:
    order, quantity, price = (column(sample, pattern) for pattern in (ORDER, QUANTITY, PRICE))
    user, item = column(sample, USER) or _open("user_id"), column(sample, _LIKE["item_id"])
    at = instant(sample, "event_at") or _open("event_at")
    item_line = [f"      item_id: {item}"] if item else []
    filters = ["    filters:", f"      no_customer: {user.split()[0]} IS NULL"]
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
        **{folder / "members" / f"{scope.members_file}.yml": _MEMBERS for scope in MEMBER_TYPES},
    }
    written = []
    for path, text in texts.items():
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            written.append(path)
    return written
