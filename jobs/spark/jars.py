"""The JARs that Spark needs beside its own: their names, their folder, and a check of their contents.

Imports only the standard library, because the set-up of a new machine uses it before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

JARS = Path(__file__).resolve().parents[2] / ".jars"


@dataclass(frozen=True)
class Jars:
    """A set of JARs from Maven, and the checksums that they must have.

    Attributes:
        sums: file with a line `sha256 name` for each JAR.
        coordinates: Maven coordinates, separated by commas.
        excluded: modules that these name as dependencies and that must not be fetched.
    """

    sums: Path
    coordinates: str
    excluded: str = ""


DELTA = Jars(
    Path(__file__).resolve().parent / "jars.sha256",
    "io.delta:delta-spark_4.1_2.13:4.4.0,io.delta:delta-storage:4.4.0",
)


def wanted_jars(jars: Jars = DELTA) -> dict[str, str]:
    """File name → SHA-256 of each JAR; by default of the JARs for Delta."""
    return {name: digest for digest, name in (line.split() for line in jars.sums.read_text().splitlines())}


def jar_folder() -> Path:
    """The folder of the JARs: ACTIVELAKE_JARS, else the project's own folder."""
    return Path(os.environ.get("ACTIVELAKE_JARS", JARS))


def wrong_jars(folder: Path, jars: Jars = DELTA) -> list[str]:
    """Names of the JARs that a folder lacks or holds with another checksum."""
    wrong = []
    for name, digest in wanted_jars(jars).items():
        path = folder / name
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            wrong.append(name)
    return wrong
