"""The generated parts of schemas/README.md: windows, metrics, index, tables, reasons."""

from __future__ import annotations

from jobs.dev.docs.markdown import anchor, grid
from schemas.catalog import METRICS, TABLES
from schemas.contract import LAYERS, Table
from schemas.metrics.additivity import added_over
from schemas.metrics.retention import WINDOWS
from schemas.raw.records import raw_table
from schemas.reasons import REASONS

_ALL = {table.name: table for table in (raw_table("<mapping>.<input>"), *TABLES.values())}


def index_lines() -> list[str]:
    """Every table with its grain, what people read first at the top."""
    layers = ("reports", *(layer for layer in LAYERS if layer != "reports"))
    tables = sorted(_ALL.values(), key=lambda table: layers.index(table.layer))
    rows = (
        (f"[{table.name}](#{anchor(table.name)})", table.grain.removeprefix("One row ")) for table in tables
    )
    return grid(("table", "one row"), rows)


def window_lines() -> list[str]:
    """The windows of retention in days after the cohort date."""
    rows = (
        (f"`{w.name}`", str(w.day_from) if w.day_from == w.day_to else f"{w.day_from} to {w.day_to}")
        for w in WINDOWS
    )
    return grid(("retention_window", "days"), rows)


def metric_lines() -> list[str]:
    """The metrics of each report: meaning, unit, over what they may be added, and how they are computed."""
    lines = []
    for name, metrics in METRICS.items():
        rows = (
            (
                f"`{m.name}`",
                m.unit,
                ", ".join(added_over(TABLES[name], m)),
                m.meaning,
                m.source,
                f"`{m.expression}`",
            )
            for m in metrics
        )
        lines += [f"### Metrics of {name}", ""]
        lines += grid(("metric", "unit", "may be added over", "meaning", "source", "expression"), rows)
    return lines


def table_lines() -> list[str]:
    """Every table with its columns."""
    return [line for table in _ALL.values() for line in _table(table)]


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


def reason_lines() -> list[str]:
    """Why a record is not an accepted one."""
    rows = (
        (outcome, f"`{code}`", text) for outcome, texts in REASONS.items() for code, text in texts.items()
    )
    return grid(("outcome", "reason", "meaning"), rows)
