"""The pages as text, from contracts, metrics and rules."""

from __future__ import annotations

from pathlib import Path

from expectations.suite import suites
from jobs.dev.docs.markdown import filled, grid
from jobs.dev.docs.readme import command_lines, promise_lines, schedule_lines
from schemas.catalog import METRICS, TABLES
from schemas.contract import Table
from schemas.metrics.additivity import added_over
from schemas.raw.records import raw_table
from schemas.reasons import REASONS

ROOT = Path(__file__).resolve().parents[3]
_MADE = "<!-- made by `make docs`; change the declarations, not this page -->"


def _table(table: Table) -> list[str]:
    facts = [f"key: {', '.join(table.key)}", f"owner: {table.owner}"]
    facts += [f"replaced by {table.day}"] if table.day else []
    facts += [f"from {', '.join(table.inputs)}"] if table.inputs else []
    rows = (
        (
            f"`{c.name}`",
            c.type,
            c.unit,
            "yes" if c.nullable else "",
            c.meaning
            + (f" One of {', '.join(c.allowed)}." if c.allowed else "")
            + (" Personal." if c.personal else ""),
        )
        for c in table.columns
    )
    head = [f"### {table.name}", "", table.grain, "", f"{'; '.join(facts)}.", ""]
    return head + grid(("column", "type", "unit", "NULL", "meaning"), rows)


def dictionary() -> str:
    """The data dictionary: tables, columns, metrics, reasons."""
    lines = ["# Data dictionary", "", _MADE, "", "## Tables", ""]
    for table in (raw_table("<mapping>.<input>"), *TABLES.values()):
        lines += _table(table)
    lines += ["## Metrics", ""]
    for name, metrics in METRICS.items():
        rows = (
            (
                f"`{m.name}`",
                m.unit,
                ", ".join(added_over(TABLES[name], m)),
                m.source,
                f"`{m.expression}`",
                m.meaning,
            )
            for m in metrics
        )
        lines += [
            f"### {name}",
            "",
            *grid(("metric", "unit", "may be added over", "source", "expression", "meaning"), rows),
        ]
    lines += ["## Reasons", ""]
    codes = [
        (outcome, f"`{code}`", text) for outcome, texts in REASONS.items() for code, text in texts.items()
    ]
    return "\n".join(lines + grid(("outcome", "reason", "meaning"), codes)).rstrip() + "\n"


def rules() -> str:
    """The list of quality rules by table."""
    lines = [
        "# Quality rules",
        "",
        _MADE,
        "",
        "`critical` stops the publication, `warning` is published and shown.",
        "",
    ]
    for name, own in suites().items():
        rows = ((rule.severity, rule.meaning, f"`{rule.text}`") for rule in own)
        lines += [f"## {name}", "", *grid(("severity", "meaning", "expectation"), rows)]
    return "\n".join(lines).rstrip() + "\n"


def pages() -> dict[Path, str]:
    """Every generated page by its place."""
    readme = ROOT / "README.md"
    parts = {"promise": promise_lines(), "commands": command_lines(), "schedule": schedule_lines()}
    return {
        ROOT / "schemas" / "README.md": dictionary(),
        ROOT / "expectations" / "README.md": rules(),
        readme: filled(readme.read_text(encoding="utf-8"), parts),
    }
