"""Whether a mapping can be executed: columns of the contract, expressions, zones, nothing left open."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Names
from pathlib import Path
from zoneinfo import available_timezones

from conf.errors import ConfigError
from conf.mapping import Feed, Mapping, Rule
from conf.settings import Settings
from jobs.mapping.expressions import compile_expression
from jobs.mapping.targets import line_targets, targets

OPEN = "TODO"  # the word that `activelake init` writes where it is not sure


def check_settings(settings: Settings) -> None:
    """Check every mapping of a deployment.

    Raises:
        ConfigError: lists every fault, each with its file, field and rule.
    """
    faults = [
        fault for name, mapping in settings.sources.items() for fault in faults_of(name, mapping, settings)
    ]
    if not settings.sources:
        faults.append(f"{settings.conf_dir / 'sources'}: no mapping; `activelake init` drafts one")
    if faults:
        raise ConfigError("\n".join(faults))


def faults_of(name: str, mapping: Mapping, settings: Settings) -> Iterator[str]:
    """What is wrong in one mapping, a line each."""
    path = settings.conf_dir / "sources" / f"{name}.yml"
    yield from _left_open(path)
    if mapping.zone not in available_timezones() and mapping.zone != OPEN:
        yield f"{path}: zone: {mapping.zone!r} is no IANA time zone"
    for feed_name, feed in mapping.feeds.items():
        yield from _feed_faults(f"{path}: feeds.{feed_name}", feed)


def _left_open(path: Path) -> Iterator[str]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        if OPEN in line.split("#")[0]:
            yield f"{path}, line {number}: {line.strip()}: has to be filled in"


def _feed_faults(where: str, feed: Feed) -> Iterator[str]:
    wanted = targets(feed)
    yield from _rule_faults(f"{where}.columns", feed.columns, wanted.columns)
    for missing in sorted(wanted.must_map - set(feed.columns)):
        yield f"{where}.columns.{missing}: required for {feed.kind}; what cannot be mapped cannot be counted"
    for name, text in feed.filters.items():
        yield from _expression_fault(f"{where}.filters.{name}", text)
    if feed.exposure is not None:
        yield from _expression_fault(f"{where}.exposure", feed.exposure)
    if feed.lines is not None:
        yield from _rule_faults(f"{where}.lines.columns", feed.lines.columns, line_targets())


def _rule_faults(where: str, rules: Names[str, Rule], allowed: Names[str, object]) -> Iterator[str]:
    for column, rule in rules.items():
        if column not in allowed:
            yield f"{where}.{column}: no such contract column; known are {', '.join(sorted(allowed))}"
        if rule.expression is not None:
            yield from _expression_fault(f"{where}.{column}.expression", rule.expression)
        if rule.zone is not None and rule.zone not in available_timezones():
            yield f"{where}.{column}.zone: {rule.zone!r} is no IANA time zone"


def _expression_fault(where: str, text: str) -> Iterator[str]:
    try:
        compile_expression(text, where)
    except ConfigError as error:
        yield str(error)
