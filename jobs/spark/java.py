"""The search for a JDK that runs Spark: version 17 or 21. A machine may have several, and newer ones do not work."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from glob import glob
from pathlib import Path

SUPPORTED = (17, 21)
_FOLDERS = (
    "/usr/lib/jvm/*",
    "/opt/*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "~/.sdkman/candidates/java/*",
)


def major_version(home: Path) -> int | None:
    """Major version of the JDK or JRE in a folder; None if there is none, or it does not start."""
    java = home / "bin" / "java"
    if not java.exists():
        return None
    try:
        done = subprocess.run(
            [str(java), "-version"], capture_output=True, text=True, timeout=30, check=False
        )
    except OSError:
        return None
    match = re.search(r'version "(\d+)', done.stderr + done.stdout)
    return int(match.group(1)) if match else None


def candidates() -> list[Path]:
    """Folders that may hold a JDK: JAVA_HOME, the one on PATH, and the usual folders of operating systems."""
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    on_path = shutil.which("java")
    if on_path:
        homes.append(Path(on_path).resolve().parent.parent)
    return homes + [Path(path) for folder in _FOLDERS for path in sorted(glob(os.path.expanduser(folder)))]


def find_java(homes: Iterable[Path] | None = None) -> Path | None:
    """Folder of the first supported JDK; None if the machine has none."""
    for home in candidates() if homes is None else homes:
        if major_version(home) in SUPPORTED:
            return home
    return None
