"""What a feed of each kind may and must map, for the feeds that conf/README.md shows."""

from __future__ import annotations

from conf.mapping import Feed, Mapping
from jobs.dev.docs.keys import block_values
from jobs.dev.docs.markdown import grid
from jobs.mapping.targets import targets


def column_lines(page: str) -> list[str]:
    """A row per kind of feed and grain: the contract columns that a mapping must give, and those that it may."""
    rows: dict[str, tuple[str, str, str]] = {}
    for mapping in block_values(page):
        for feed in mapping.feeds.values() if isinstance(mapping, Mapping) else ():
            wanted = targets(feed)
            free = [name for name in wanted.columns if name not in wanted.must_map]
            rows.setdefault(_kind(feed), (_kind(feed), _listed(sorted(wanted.must_map)), _listed(free)))
    return grid(("kind of feed", "must be mapped", "may be mapped"), rows.values())


def _kind(feed: Feed) -> str:
    grain = f", `grain: {feed.grain}`" if "grain" in feed.model_fields_set else ""
    return f"`{feed.kind}`{grain}"


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
