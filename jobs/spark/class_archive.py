"""An archive of the JVM's loaded classes: the first local session writes it, later ones start from it.

Loading and verifying Spark's classes is most of the work of a short run. The JVM checks by itself whether an archive
fits its version and class path, and ignores one that does not.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def archive_options(folder: Path, java: Path, class_path: list[str]) -> str:
    """JVM options that use the archive for this JDK and class path, or write it when the JVM ends.

    Args:
        folder: folder of the archives; if it is not writable and has none that fits, the options are empty.
    """
    release = java / "release"
    jdk_identity = release.read_bytes() if release.exists() else str(java).encode()
    name = hashlib.sha256(jdk_identity + "\n".join(class_path).encode()).hexdigest()[:12]
    archive = folder / f"classes-{name}.jsa"
    if archive.exists():
        return f"-XX:SharedArchiveFile={archive} -Xshare:auto"
    return f"-XX:ArchiveClassesAtExit={archive}" if os.access(folder, os.W_OK) else ""
