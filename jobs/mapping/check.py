"""Whether a mapping can be executed: kinds, columns of the contract and expressions."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Names

from conf.errors import ConfigError
from conf.mapping import Feed, Lines, Mapping, Rule
from conf.reading import location_in_file
from conf.settings import Settings
from jobs.mapping.expressions import fault_of
from jobs.mapping.kinds import Fault, grain_of, kind_faults, kind_of
from jobs.mapping.targets import Targets, line_targets, targets
from schemas.contract import Column
from schemas.kinds import KINDS

FieldPath = tuple[str, ...]


def check_settings(settings: Settings) -> None:
    """Check every mapping of a deployment.

    Raises:
        ConfigError: lists every fault, each with its file, line, field and rule.
    """
    if not settings.sources:
        raise ConfigError(f"{settings.conf_dir / 'sources'}: no mapping; `activelake init` drafts one")
    faults = [
        f"{location_in_file(settings.mapping_file(name), where)}: {rule}"
        for name, mapping in settings.sources.items()
        for where, rule in faults_of(mapping)
    ]
    if faults:
        raise ConfigError("\n".join(faults))


def faults_of(mapping: Mapping) -> Iterator[Fault]:
    """What is wrong in one mapping: the field's path and the rule that is broken."""
    for name, feed in mapping.feeds.items():
        yield from _feed_faults(("feeds", name), feed)


def _feed_faults(where: FieldPath, feed: Feed) -> Iterator[Fault]:
    of_no_kind = list(kind_faults(where, feed))
    if of_no_kind:
        yield from of_no_kind
        return
    yield from _columns_faults((*where, "columns"), feed.columns, targets(feed), feed.kind)
    if feed.key.expression is not None:
        yield from _expression_faults((*where, "key", "expression"), feed.key.expression)
    for name, text in feed.filters.items():
        yield from _expression_faults((*where, "filters", name), text)
    if feed.exposure is not None:
        if not kind_of(feed).has_exposures:
            kinds = ", ".join(kind.name for kind in KINDS.values() if kind.has_exposures)
            yield (*where, "exposure"), f"only {kinds} has exposures"
        yield from _expression_faults((*where, "exposure"), feed.exposure)
    if feed.void is not None:
        if grain_of(feed).nature != "state":
            yield (*where, "void"), f"only states can be void, and records of {feed.kind} are none"
        yield from _expression_faults((*where, "void"), feed.void)
    if feed.lines is not None:
        yield from _lines_faults((*where, "lines"), feed, feed.lines)


def _lines_faults(where: FieldPath, feed: Feed, lines: Lines) -> Iterator[Fault]:
    if grain_of(feed).lines is None:
        grains = [
            f"{kind.name} of grain {grain.name}"
            for kind in KINDS.values()
            for grain in kind.grains
            if grain.lines is not None
        ]
        yield where, f"only {', '.join(grains)} hold lines"
        return
    allowed = line_targets(kind_of(feed), grain_of(feed))
    yield from _columns_faults((*where, "columns"), lines.columns, allowed, f"lines of {feed.kind}")


def _columns_faults(where: FieldPath, rules: Names[str, Rule], wanted: Targets, what: str) -> Iterator[Fault]:
    yield from _rule_faults(where, rules, wanted.columns)
    for missing in sorted(wanted.must_map - set(rules)):
        yield where, f"{missing} is required for {what}; what is not mapped cannot be counted"


def _rule_faults(where: FieldPath, rules: Names[str, Rule], allowed: Names[str, Column]) -> Iterator[Fault]:
    for name, rule in rules.items():
        if name not in allowed:
            yield (*where, name), f"no such contract column; known are {', '.join(sorted(allowed))}"
        elif rule.time is not None and allowed[name].type != "timestamp":
            yield (*where, name, "time"), f"{name} is no instant but {allowed[name].type}"
        if rule.expression is not None:
            yield from _expression_faults((*where, name, "expression"), rule.expression)


def _expression_faults(where: FieldPath, text: str) -> Iterator[Fault]:
    fault = fault_of(text)
    if fault is not None:
        yield where, fault
