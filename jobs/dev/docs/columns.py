"""What a feed of each kind and grain may and must map."""

from __future__ import annotations

from collections.abc import Iterator

from conf.mapping import Feed
from jobs.dev.docs.markdown import grid
from jobs.mapping.targets import Targets, line_targets, targets
from schemas.kinds import KINDS


def column_lines() -> list[str]:
    """A row per kind of feed and grain, and per kind of nested lines."""
    return grid(("`kind`", "`grain`", "nature", "must be mapped", "may be mapped"), _rows())


def _rows() -> Iterator[tuple[str, ...]]:
    for kind in KINDS.values():
        for grain in kind.grains:
            feed = Feed(kind=kind.name, grain=grain.name, input="", key="position", columns={})
            yield f"`{kind.name}`", f"`{grain.name}`", grain.nature, *_listed(targets(feed))
            if grain.lines is not None:
                yield f"`{kind.name}`", "in `lines`", "", *_listed(line_targets(kind, grain))


def _listed(wanted: Targets) -> tuple[str, str]:
    """The columns that must be mapped, and the others."""
    free = (name for name in wanted.columns if name not in wanted.must_map)
    return _names(sorted(wanted.must_map)), _names(free)


def _names(names: Iterator[str] | list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
