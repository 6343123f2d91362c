"""Whether a machine has what the pipeline needs; starts no Spark."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from packaging.requirements import Requirement

from jobs.dev.setup.bootstrap import PYTHONS, RUN_TIME
from jobs.spark.jars import jar_folder, wrong_jars
from jobs.spark.java import SUPPORTED, find_java, major_version

_ZONES = ("UTC", "Asia/Shanghai", "Europe/London", "America/New_York")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    is_ok: bool
    actual: str
    expected: str
    remedy: str


def diagnose() -> list[Finding]:
    """Python, JDK, JARs, packages and time zones, in this order."""
    java = find_java()
    wrong = wrong_jars(jar_folder())
    packages = other_packages(RUN_TIME)
    unknown = [zone for zone in _ZONES if not _exists(zone)]
    python = PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]
    return [
        Finding("Python", python, sys.version.split()[0], "3.11 to 3.13", "make PYTHON=python3.12 setup"),
        Finding(
            "JDK", java is not None, f"{major_version(java)} in {java}" if java else "none",
            " or ".join(map(str, SUPPORTED)), "sudo apt-get install -y openjdk-17-jre-headless",
        ),
        Finding("Delta JARs", not wrong, _or_fine(wrong), "the expected sums", "make setup"),
        Finding("packages", not packages, _or_fine(packages), RUN_TIME.name, "make setup"),
        Finding("time zones", not unknown, _or_fine(unknown), "the IANA database", "pip install tzdata"),
    ]  # fmt: skip


def _or_fine(wrong: list[str]) -> str:
    return f"wrong: {', '.join(wrong)}" if wrong else "as expected"


def _exists(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True


def other_packages(lock: Path) -> list[str]:
    """`name version` of what is installed in another version than the locked one, or not at all."""
    lines = (line.rstrip(" \\") for line in lock.read_text().splitlines() if line[:1].isalnum())
    requirements = [Requirement(line) for line in lines]
    return [
        f"{requirement.name} {_version(requirement.name)}"
        for requirement in requirements
        if (requirement.marker is None or requirement.marker.evaluate())
        and not requirement.specifier.contains(_version(requirement.name))
    ]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "0"
