"""`python -m jobs.dev.docs [--check]`: write the generated pages and suites, or say which are stale."""

from __future__ import annotations

import sys

from expectations.suite import stale_suites, write_suites
from jobs.dev.docs.pages import pages


def main() -> None:
    """Write, or with --check compare; a stale page is exit code 1."""
    stale = [
        path
        for path, text in pages().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    stale += stale_suites()
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path}: not what the declarations say; run `make docs`")
        sys.exit(1 if stale else 0)
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    write_suites()


if __name__ == "__main__":
    main()
