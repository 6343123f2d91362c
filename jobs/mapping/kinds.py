"""Which feeds a deployment has, and of which kinds."""

from __future__ import annotations

from conf.mapping import FeedKind
from conf.settings import Settings


def mapped_kinds(settings: Settings) -> frozenset[str]:
    """Kinds of feeds that are mapped; users only where the registration is, since reports count nothing else of them."""
    feeds = [feed for mapping in settings.sources.values() for feed in mapping.feeds.values()]
    return frozenset(feed.kind for feed in feeds if feed.kind != "users" or "registered_at" in feed.columns)


def feeds_of(settings: Settings, kind: FeedKind) -> frozenset[str]:
    """Feeds of a kind, as `mapping.feed`."""
    return frozenset(
        f"{source}.{name}"
        for source, mapping in settings.sources.items()
        for name, feed in mapping.feeds.items()
        if feed.kind == kind
    )
