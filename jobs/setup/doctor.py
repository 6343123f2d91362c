"""Whether a machine has what the pipeline needs; starts no Spark."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from zoneinfo import available_timezones

from jobs.setup.bootstrap import JARS, PYTHON_NEEDED, wrong_jars
from jobs.setup.java import SUPPORTED, find_java, major_version

PINNED = {"pyspark": "4.1.4", "delta-spark": "4.4.0", "great-expectations": "1.24.1", "deltalake": "1.6.6"}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    is_ok: bool
    found: str
    wanted: str
    remedy: str


def diagnose() -> list[Finding]:
    """Python, JDK, JARs, packages and time zones, in this order."""
    java = find_java()
    wrong = wrong_jars(JARS)
    found = [
        Finding("Python", sys.version_info >= PYTHON_NEEDED, sys.version.split()[0], "3.11 or newer", "install python3"),
        Finding(
            "JDK", java is not None, f"{major_version(java)} in {java}" if java else "none",
            " or ".join(map(str, SUPPORTED)), "sudo apt-get install -y openjdk-17-jre-headless",
        ),
        Finding("Delta JARs", not wrong, "as expected" if not wrong else f"wrong: {', '.join(wrong)}", "2", "make setup"),
        Finding("time zones", "Asia/Shanghai" in available_timezones(), "", "the IANA database", "pip install tzdata"),
    ]  # fmt: skip
    return found + [_package(name, wanted) for name, wanted in PINNED.items()]


def _package(name: str, wanted: str) -> Finding:
    try:
        found = version(name)
    except PackageNotFoundError:
        found = "none"
    return Finding(name, found == wanted, found, wanted, "make setup")
