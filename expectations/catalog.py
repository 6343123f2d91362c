"""Every rule and identity, found in the packages: `expectations/<layer>/` says more of a module of `schemas/<layer>/`."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

import expectations.clean
import expectations.facts
import expectations.reports
from expectations.rule import Rule
from schemas.catalog import TABLES
from schemas.contract import DeclarationError


def _modules() -> Iterator[ModuleType]:
    for package in (expectations.clean, expectations.facts, expectations.reports):
        for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
            yield import_module(f"{package.__name__}.{info.name}")


def _merged(variable: str) -> dict[str, Any]:
    """What the modules say under a name.

    Raises:
        DeclarationError: two of them speak of the same table or identity.
    """
    merged: dict[str, Any] = {}
    for module in _modules():
        entries = getattr(module, variable, {})
        for name in entries.keys() & merged.keys():
            raise DeclarationError(f"{module.__name__}: {name} has {variable} in another module too")
        merged |= entries
    return merged


RULES: dict[str, tuple[Rule, ...]] = _merged("RULES")
"""Table → rules beyond what its contract implies; of a clean or fact table they are about the figures of its profile."""
IDENTITIES: dict[str, Rule] = _merged("IDENTITIES")
"""Identity → the rule on its frame of (left, right); the frames are built by `jobs.check.identities`."""
SIGNED = frozenset(name for module in _modules() for name in getattr(module, "SIGNED", ()))
"""Metrics that may be below zero."""
if RULES.keys() - TABLES.keys():
    raise DeclarationError(f"rules of tables that there are none of: {sorted(RULES.keys() - TABLES.keys())}")
