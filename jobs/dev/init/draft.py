"""Samples → the text of a first mapping; a guess is made only where name and values both speak for it."""

from __future__ import annotations

from pathlib import Path

from conf.mapping import Feed, Key
from conf.reading import OPEN
from conf.scopes import CODE_COLUMNS, MEMBER_TYPES
from jobs.dev.init.guess import column, column_like, instant, kind_of, needs_zone, quoted
from jobs.dev.init.order_lines import holds_order_lines, order_line_feeds
from jobs.dev.init.sample import Sample
from jobs.mapping.targets import targets
from schemas.kinds import KINDS, REQUIRED
from schemas.kinds.declaration import Kind

_EVENT_TYPE = "event_type"
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
        lines += order_line_feeds(sample) if holds_order_lines(sample) else _feed(sample)
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
    recognised = kind_of(sample)
    kind = recognised or REQUIRED
    key = column(sample, kind.recognition.key)
    return [
        f"  {sample.name}:" if kind.name in sample.name else f"  {sample.name}_{kind.name}:",
        f"    kind: {recognised.name if recognised else OPEN + '  # one of ' + ', '.join(KINDS)}",
        f"    input: {sample.name}",
        f"    key: {'{column: ' + key + '}' if key else OPEN + '  # {column: NAME}, content or position'}",
        "    columns:",
        *_columns(sample, kind),
    ]


def _columns(sample: Sample, kind: Kind) -> list[str]:
    feed = Feed(kind=kind.name, input=sample.name, key=Key(position=True), columns={})
    contract, drafted = targets(feed).columns, kind.recognition.drafted
    others = [name for name in contract if name not in drafted]
    rules = {name: _rule(sample, name, contract[name].type) for name in (*drafted, *others)}
    lines = []
    for name, rule in rules.items():
        if rule is not None:
            lines.append(f"      {name}: {rule}")
        elif name in drafted:
            lines.append(f"      {name}: {_open(kind, name)}")
        elif name in CODE_COLUMNS.values():
            event = column_like(sample, _EVENT_TYPE)
            codes = f"{{column: {event}, codes: {{VALUE: code}}}}" if event else "{constant: code}"
            lines.append(f"      {name}: {OPEN}  # a column or {codes}; remove the line where there is none")
    return lines


def _rule(sample: Sample, name: str, column_type: str) -> str | None:
    """The rule of a contract column: times by name and values, others by a name that is the same or alike."""
    if column_type == "timestamp":
        drafted = (other.recognition.drafted for other in KINDS.values())
        is_sure = name in sample.values or any(name in names for names in drafted)
        return instant(sample, name) if is_sure else None
    return column_like(sample, name)


def _open(kind: Kind, name: str) -> str:
    if name.endswith("_at"):
        return f"{OPEN}  # the column of the instant, as {{column: NAME, time: iso}}"
    return f"{OPEN}  # {kind.recognition.hints.get(name, 'a column')}"


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
