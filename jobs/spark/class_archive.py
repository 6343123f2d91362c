"""The JVM's classes as it left them: the first local session writes an archive of them, later ones start from it.

Loading and verifying Spark's classes is most of what a short run computes; the JVM checks by itself whether an
archive fits its version and class path, and goes on without one that does not.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def archive_options(folder: Path, java: Path, class_path: list[str]) -> str:
    """JVM options that use the archive of this JDK and class path, or write it when the JVM ends.

    Args:
        folder: where archives lie; nothing is written where that is not allowed.
    """
    release = java / "release"
    jdk_identity = release.read_bytes() if release.exists() else str(java).encode()
    name = hashlib.sha256(jdk_identity + "\n".join(class_path).encode()).hexdigest()[:12]
    archive = folder / f"classes-{name}.jsa"
    if archive.exists():
        return f"-XX:SharedArchiveFile={archive} -Xshare:auto"
    return f"-XX:ArchiveClassesAtExit={archive}" if os.access(folder, os.W_OK) else ""
