"""The pages as text: some are made whole, others hold made parts between what people wrote."""

from __future__ import annotations

from pathlib import Path

from conf.mapping import Mapping
from conf.members import Members
from conf.settings import Settings
from expectations.suite import suites
from jobs.dev.checkout import ROOT
from jobs.dev.docs import dictionary
from jobs.dev.docs.columns import column_lines
from jobs.dev.docs.commands import command_lines, exit_code_lines
from jobs.dev.docs.keys import key_lines
from jobs.dev.docs.layout import layout_lines
from jobs.dev.docs.markdown import filled, grid
from jobs.dev.docs.promise import promise_count, promise_page

_MADE = "<!-- made by `make docs`; change the declarations, not this page -->"


def rules() -> str:
    """The list of quality rules by table."""
    lines = [
        "# Quality rules",
        "",
        _MADE,
        "",
        "What must hold before anyone reads a table. `critical` stops the publication (exit code 5), `warning` is published",
        "and shown. `ops.quality_result` holds what each run found; how to add a rule: [CONTRIBUTING](../CONTRIBUTING.md).",
        "",
    ]
    for name, suite in suites().items():
        rows = ((rule.severity, rule.meaning, f"`{rule.text}`") for rule in suite)
        lines += [f"## {name}", "", *grid(("severity", "meaning", "expectation"), rows)]
    return "\n".join(lines).rstrip() + "\n"


def _parts() -> dict[str, dict[str, list[str]]]:
    """Page → its made parts."""
    conf = (ROOT / "conf" / "README.md").read_text(encoding="utf-8")
    return {
        "README.md": {"promise": [promise_count()]},
        "CONTRIBUTING.md": {"layout": layout_lines(ROOT)},
        "conf/README.md": {
            "mapping keys": key_lines(Mapping, conf),
            "contract columns": column_lines(),
            "member keys": key_lines(Members, conf),
            "settings keys": key_lines(Settings, conf),
        },
        "jobs/README.md": {"commands": command_lines(), "exit codes": exit_code_lines()},
        "schemas/README.md": {
            "windows": dictionary.window_lines(),
            "index": dictionary.index_lines(),
            "metrics": dictionary.metric_lines(),
            "tables": dictionary.table_lines(),
            "reasons": dictionary.reason_lines(),
        },
    }


def pages() -> dict[Path, str]:
    """Every page that is made or holds made parts."""
    whole = {"expectations/README.md": rules(), "schemas/PROMISE.md": promise_page(_MADE)}
    partly = {
        name: filled((ROOT / name).read_text(encoding="utf-8"), parts) for name, parts in _parts().items()
    }
    return {ROOT / name: text for name, text in (whole | partly).items()}
