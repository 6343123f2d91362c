"""Accounting identities as frames of (left, right), found in a module per family; saved expectations judge every row."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module

import pandas as pd

from jobs.check.evidence import Evidence
from jobs.check.identities.identity import Frames, Identity
from schemas.contract import DeclarationError


def _declared() -> dict[str, Identity]:
    identities: dict[str, Identity] = {}
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        builders: Mapping[str, Identity] = getattr(import_module(f"{__name__}.{info.name}"), "BUILDERS", {})
        for name, identity in builders.items():
            if identities.setdefault(name, identity) is not identity:
                raise DeclarationError(f"identity {name} is built by two modules")
    return identities


BUILDERS = _declared()


def identity_frames(frames: Frames, evidence: Evidence) -> dict[str, pd.DataFrame]:
    """Identity → its frame; identities of tables that are not staged, and those without rows, do not apply.

    Args:
        frames: staged report frames by table name.
        evidence: what is known besides them.
    """
    built = {
        name: _built(identity, frames, evidence)
        for name, identity in BUILDERS.items()
        if all(report.name in frames for report in identity.reports) and identity.applies(evidence)
    }
    return {name: frame for name, frame in built.items() if len(frame)}


def _built(identity: Identity, frames: Frames, evidence: Evidence) -> pd.DataFrame:
    try:
        return identity.build(frames, evidence)
    except Exception:  # such as a key that is there twice: without its two sides the identity has failed
        return pd.DataFrame({"could not be built": [True]})
