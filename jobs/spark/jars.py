"""The JARs that Spark needs beside its own: which they are, where they lie, and whether they are the expected ones.

Uses nothing but the standard library: the set-up of a fresh machine reads it too.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

JARS = Path(__file__).resolve().parents[2] / ".jars"


@dataclass(frozen=True)
class Jars:
    """JARs that are resolved by name, and what they must be.

    Attributes:
        sums: file of lines `sha256 name`.
        coordinates: Maven coordinates, with a comma between them.
        excluded: modules that they name and that are not wanted.
    """

    sums: Path
    coordinates: str
    excluded: str = ""


DELTA = Jars(
    Path(__file__).resolve().parent / "jars.sha256",
    "io.delta:delta-spark_4.1_2.13:4.4.0,io.delta:delta-storage:4.4.0",
)


def wanted_jars(jars: Jars = DELTA) -> dict[str, str]:
    """File name → sha256; by default of the JARs that Spark needs for Delta."""
    return {name: digest for digest, name in (line.split() for line in jars.sums.read_text().splitlines())}


def jar_folder() -> Path:
    """Where the JARs lie: ACTIVELAKE_JARS, else the project's own folder."""
    return Path(os.environ.get("ACTIVELAKE_JARS", JARS))


def wrong_jars(folder: Path, jars: Jars = DELTA) -> list[str]:
    """Names of the JARs that are missing in a folder or are not the expected ones."""
    wrong = []
    for name, digest in wanted_jars(jars).items():
        path = folder / name
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            wrong.append(name)
    return wrong
