"""Which kinds of feeds a deployment has, as far as a report reads what they say."""

from __future__ import annotations

from conf.settings import Settings


def mapped_kinds(settings: Settings) -> frozenset[str]:
    """Kinds of feeds that are mapped; users only where the registration is, since reports count nothing else of them."""
    feeds = [feed for mapping in settings.sources.values() for feed in mapping.feeds.values()]
    return frozenset(feed.kind for feed in feeds if feed.kind != "users" or "registered_at" in feed.columns)
