"""Which feeds a deployment has, and of which kinds and grains."""

from __future__ import annotations

from collections.abc import Iterator

from conf.errors import ConfigError
from conf.mapping import Feed
from conf.reading import location_in_file
from conf.settings import Settings
from schemas.kinds import KINDS
from schemas.kinds.declaration import Grain, Kind

Fault = tuple[tuple[str, ...], str]
"""Path of a field in a mapping file, and the rule that it breaks."""


def kind_of(feed: Feed) -> Kind:
    """The declaration of the feed's kind."""
    return KINDS[feed.kind]


def grain_of(feed: Feed) -> Grain:
    """What one record of the feed is: the first grain of its kind where the mapping names none."""
    return kind_of(feed).grain(feed.grain)


def kind_faults(where: tuple[str, ...], feed: Feed) -> Iterator[Fault]:
    """Why the feed is of no kind or grain that is declared; nothing where it is."""
    if feed.kind not in KINDS:
        yield (*where, "kind"), f"{feed.kind!r} is no kind of feed; the kinds are {', '.join(KINDS)}"
        return
    grains = [grain.name for grain in kind_of(feed).grains]
    if feed.grain is not None and feed.grain not in grains:
        rule = (
            f"{feed.grain!r} is nothing that one record of {feed.kind} can be; it can be: {', '.join(grains)}"
        )
        yield (*where, "grain"), rule


def check_kinds(settings: Settings) -> None:
    """Every feed is of a kind and grain that is declared, so that any command may look it up.

    Raises:
        ConfigError: lists every one that is not, with file, line and field, and the kinds that there are.
    """
    faults = [
        f"{location_in_file(settings.mapping_file(source), path)}: {rule}"
        for source, mapping in settings.sources.items()
        for name, feed in mapping.feeds.items()
        for path, rule in kind_faults(("feeds", name), feed)
    ]
    if faults:
        raise ConfigError("\n".join(faults))


def mapped_kinds(settings: Settings) -> frozenset[str]:
    """Names of the kinds of which a feed is mapped that reports can count."""
    feeds = [feed for mapping in settings.sources.values() for feed in mapping.feeds.values()]
    return frozenset(feed.kind for feed in feeds if set(kind_of(feed).counted_by) <= set(feed.columns))


def feeds_of(settings: Settings, kind: Kind) -> frozenset[str]:
    """Feeds of a kind, as `mapping.feed`."""
    return frozenset(
        f"{source}.{name}"
        for source, mapping in settings.sources.items()
        for name, feed in mapping.feeds.items()
        if feed.kind == kind.name
    )


def whole_feeds(settings: Settings) -> frozenset[str]:
    """Feeds whose records are delivered as a whole history or list, as `mapping.feed`."""
    return frozenset(
        f"{source}.{name}"
        for source, mapping in settings.sources.items()
        for name, feed in mapping.feeds.items()
        if mapping.inputs[feed.input].delivery.is_whole
    )


def inputs_of(settings: Settings, kind: Kind) -> frozenset[str]:
    """Inputs that feeds of a kind read, as `mapping.input`."""
    return frozenset(
        f"{source}.{feed.input}"
        for source, mapping in settings.sources.items()
        for feed in mapping.feeds.values()
        if feed.kind == kind.name
    )
