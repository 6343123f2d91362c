"""The page as one HTML file: rows, texts, charts, styles and programs stand inside it, and nothing is loaded."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from conf.scopes import SCOPE_TYPES
from jobs.lake.tables import Lake
from jobs.page.charts import SEGMENTS, SERIES, specifications
from jobs.page.names import METRIC_NAMES, REASONS_ZH
from jobs.page.rows import ARRIVAL_DAYS, COHORT_DAYS, packed_tables
from jobs.page.translations import LANGUAGES, TEXTS
from schemas.catalog import METRICS
from schemas.metrics.declaration import AnyMetric, Derived
from schemas.metrics.retention import WINDOWS
from schemas.reasons import QUARANTINE_REASONS
from schemas.reports.activity import ACTIVITY_DAILY, OVERVIEW_REPORT
from schemas.reports.orders import ORDERS_DAILY_REPORT

ASSETS = Path(__file__).parent / "assets"
SCRIPTS = (
    "data", "cells", "charts", "picker", "overview", "explore", "retention", "orders", "operation", "main",
)  # fmt: skip
# What the page shows at a glance: the four dimensions with their metrics, or windows of retention.
GLANCE = (
    ("scale", "activity", ("dau", "wau", "mau28", "new_to_platform")),
    ("efficiency", "activity", ("stickiness", "stickiness_avg", "events_per_active", "core")),
    ("health", "retention", ("D1", "D7", "W1", "D30")),
    ("value", "orders", ("gmv_paid", "net_cash", "orders", "buyers")),
)
_LOWER_IS_BETTER = ("refunds", "excluded_events", "anonymous_events")
_REPORTS = {"activity": ACTIVITY_DAILY, "overview": OVERVIEW_REPORT, "orders": ORDERS_DAILY_REPORT}


def _empty_cell_reason(metric: AnyMetric) -> str:
    """Key of the text that explains an empty cell of a complete row."""
    if isinstance(metric, Derived):
        return "why_zero" if "nullif" in metric.expression else "why_source"
    return "why_all" if metric.only else "why_source"


def _metric(metric: AnyMetric) -> dict[str, Any]:
    en, zh, meaning_zh = METRIC_NAMES.get(metric.name, (metric.name, metric.name, metric.meaning))
    return {
        "name": metric.name, "unit": metric.unit, "why": _empty_cell_reason(metric), "en": en, "zh": zh,
        "meaning": {"en": metric.meaning, "zh": meaning_zh}, "is_bad": metric.name in _LOWER_IS_BETTER,
    }  # fmt: skip


def _declared() -> dict[str, Any]:
    """What the page shows of the declarations: names, meanings, units, reasons, retention windows and limits."""
    names = {
        name: {"en": en, "zh": zh, "meaning_zh": zh_text} for name, (en, zh, zh_text) in METRIC_NAMES.items()
    }
    reasons = {
        code: {"en": text, "zh": REASONS_ZH.get(code, text)} for code, text in QUARANTINE_REASONS.items()
    }
    return {
        "metrics": {name: [_metric(m) for m in METRICS[table.name]] for name, table in _REPORTS.items()},
        "names": names,
        "reasons": reasons,
        "windows": [
            {"name": w.name, "from": w.day_from, "to": w.day_to} for w in sorted(WINDOWS, key=lambda w: (w.day_to, -w.day_from))
        ],
        "scope_types": SCOPE_TYPES,
        "segments": SEGMENTS,
        "series": SERIES,
        "cohort_days": COHORT_DAYS,
        "arrival_days": ARRIVAL_DAYS,
        "glance": [{"word": word, "table": table, "shows": shows} for word, table, shows in GLANCE],
    }  # fmt: skip


def _json(value: Any) -> str:
    """JSON for use inside a `<script>` element; no text in the data can close that element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


@cache
def _library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, in the version for which Altair writes its specifications."""
    major_minor = ".".join(alt.SCHEMA_VERSION.split(".")[:2])
    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=major_minor)
    return bundle.replace("</script", "<\\/script")


def page(lake: Lake, languages: Sequence[str] = LANGUAGES) -> str:
    """The page as HTML text.

    Args:
        languages: codes of the languages, the first one shown first; with more than one the page has a switch.

    Raises:
        ConfigError: nothing was published yet.
    """
    texts = {code: {key: pair[LANGUAGES.index(code)] for key, pair in TEXTS.items()} for code in languages}
    payload = {
        "tables": packed_tables(lake),
        "declared": _declared(),
        "charts": specifications(),
        "words": texts,
    }
    program = "\n".join((ASSETS / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    parts = {
        "lang": languages[0],
        "title": texts[languages[0]]["title"],
        "style": (ASSETS / "page.css").read_text(encoding="utf-8"),
        "library": _library(),
        "payload": _json(payload),
        "program": f'"use strict";\n(() => {{\n{program}\n}})();',
    }
    text = (ASSETS / "page.html").read_text(encoding="utf-8")
    head, *rest = text.split("{{")
    pieces = (piece.split("}}", 1) for piece in rest)
    return head + "".join(parts[name] + after for name, after in pieces)


def write_page(lake: Lake, out: Path, languages: Sequence[str] = LANGUAGES) -> Path:
    """Write `index.html` into a folder and return its path; it replaces the old file at once, so nobody reads half a page."""
    text = page(lake, languages)
    out.mkdir(parents=True, exist_ok=True)
    target, unfinished_target = out / "index.html", out / ".index.html.unfinished"
    unfinished_target.write_text(text, encoding="utf-8")
    os.replace(unfinished_target, target)
    return target.resolve()
