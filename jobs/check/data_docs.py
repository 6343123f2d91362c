"""Great Expectations' Data Docs of a run: its own static site, so cut that opening it asks nothing of any network."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import great_expectations as gx
from great_expectations.core import ExpectationSuiteValidationResult
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context.types.resource_identifiers import (
    ExpectationSuiteIdentifier,
    ValidationResultIdentifier,
)

_SITE = "data_docs"
_REMOTE = re.compile(r"<(script|link|img)\b[^>]*\b(?:src|href)=\"https?://[^\"]*\"[^>]*>(?:\s*</script>)?")
_INLINE = re.compile(r"<script>.*?</script>", re.DOTALL)
_STYLE = """<style>
body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:1.5rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{border:1px solid #ccc;padding:.3rem .5rem;text-align:left}
nav ul{padding-left:1rem}
</style>"""


def write_data_docs(folder: Path, run_id: str, validations: list[ExpectationSuiteValidationResult]) -> Path:
    """Write the site of a run's validations into `<folder>/<run_id>` and return its first page.

    The site shows rules, counts and the aggregates that broke them; frames hold no personal columns.
    """
    site_folder = (folder / run_id).resolve()
    shutil.rmtree(site_folder, ignore_errors=True)
    context = gx.get_context(mode="ephemeral")
    site = {
        "class_name": "SiteBuilder",
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(site_folder)},
    }
    context.add_data_docs_site(site_name=_SITE, site_config=site)  # type: ignore[arg-type]
    run = RunIdentifier(run_name=run_id, run_time=datetime.now(UTC))
    for validation in validations:
        suite = ExpectationSuiteIdentifier(name=validation.suite_name)
        key = ValidationResultIdentifier(
            expectation_suite_identifier=suite, run_id=run, batch_identifier="all"
        )
        context.validation_results_store.set(key, validation)
    context.build_data_docs(site_names=[_SITE])
    pages = {page.relative_to(site_folder) for page in (site_folder / "validations").rglob("*.html")}
    for page in pages:
        text = _INLINE.sub("", _REMOTE.sub("", (site_folder / page).read_text(encoding="utf-8")))
        (site_folder / page).write_text(text.replace("</head>", f"{_STYLE}</head>", 1), encoding="utf-8")
    shutil.rmtree(site_folder / "static", ignore_errors=True)
    index = site_folder / "index.html"
    index.write_text(_index(run_id, validations, pages), encoding="utf-8")
    return index


def _index(run_id: str, validations: list[ExpectationSuiteValidationResult], pages: set[Path]) -> str:
    """The first page: Great Expectations' own draws its table by scripts from a network."""
    page_of_suite = {".".join(page.parts[1:-3]): page.as_posix() for page in pages}
    lines = []
    for validation in sorted(validations, key=lambda one: (bool(one.success), one.suite_name)):
        count = validation.statistics["evaluated_expectations"]
        failed = validation.statistics["unsuccessful_expectations"]
        name, page = escape(validation.suite_name), escape(page_of_suite[validation.suite_name])
        lines.append(f'<tr><td><a href="{page}">{name}</a></td><td>{count}</td><td>{failed}</td></tr>')
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Gates of {escape(run_id)}</title>{_STYLE}</head>'
        f"<body><h1>Gates of run {escape(run_id)}</h1><table><tr><th>suite</th><th>expectations</th><th>failed</th></tr>"
        + "".join(lines)
        + "</table></body></html>\n"
    )
