"""Publication: only what passed its audit, exactly the audited days, one record of what went out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version

import pyarrow.compute as pc

from conf.errors import Conflict, GateFailed
from conf.settings import Settings
from jobs.arrival.report_window import ReportWindow
from jobs.lake.tables import Lake
from jobs.publish.digest import canonical_digest
from jobs.publish.stage import Staged, is_published
from jobs.reports.freshness import promised_versions
from schemas.catalog import METRICS
from schemas.ops.tables import METRIC_DEFINITION, PROFILE, PUBLICATION, QUALITY_RESULT

Published = tuple[str, int, int]


def publish(
    lake: Lake, settings: Settings, frames: list[Staged], windows: Mapping[str, ReportWindow]
) -> list[Published]:
    """Replace the audited days of every staged table; returns (table, rows, version).

    A table whose published rows are already the staged ones gets no new version.

    Raises:
        GateFailed: the newest audit of this very stage did not pass, or there is none.
        Conflict: another writer has changed a table since it was staged.
    """
    require_passed_audit(lake, frames)
    promised = promised_versions({item.table.name: item.rows for item in frames})
    inputs = _input_versions(lake, frames[0].run_id)
    out, records = [], []
    for item in frames:
        table_version = _replace(lake, item)
        if promised.get(item.table.name, table_version) != table_version:
            raise Conflict(
                f"{item.table.name}: is at version {table_version}, and the audit was for version "
                f"{promised[item.table.name]}; another writer was here, compute again"
            )
        out.append((item.table.name, item.rows.num_rows, table_version))
        records.append(
            {
                "run_id": item.run_id,
                "table_name": item.table.name,
                "date_from": item.days[0] if item.days else None,
                "date_to": item.days[1] if item.days else None,
                "row_count": item.rows.num_rows,
                "stage_digest": item.digest,
                "digest": canonical_digest(item.table, lake.read_rows(item.table)),
                "table_version": table_version,
                "input_versions": inputs,
                "code_version": version("activelake"),
                "config_hash": settings.hash,
                "published_at": datetime.now(UTC),
            }
        )
    _record_definitions(lake, windows)
    lake.append_rows(PUBLICATION, records)
    return out


def _input_versions(lake: Lake, run_id: str) -> str:
    """Versions of the clean and fact tables that the run has read."""
    read = [row for row in lake.read_rows(PROFILE).to_pylist() if row["run_id"] == run_id]
    return json.dumps({row["table_name"]: row["table_version"] for row in read}, sort_keys=True)


def require_passed_audit(lake: Lake, frames: list[Staged]) -> None:
    """Every staged frame was audited as it lies there, and nothing critical failed.

    Raises:
        GateFailed: says which table was not audited or failed.
    """
    results = lake.read_rows(QUALITY_RESULT)
    run_id = frames[0].run_id
    of_run = results.filter(pc.equal(results["run_id"], run_id)).to_pylist()
    audited = {row["stage_digest"] for row in of_run}
    for item in frames:
        if item.digest not in audited:
            raise GateFailed(
                f"{item.table.name}: the staged rows were not audited: run `activelake check` first"
            )
    broken = [row["rule"] for row in of_run if row["severity"] == "critical" and not row["is_success"]]
    if broken:
        raise GateFailed(f"the audit of run {run_id} failed: {broken[0]}")


def _replace(lake: Lake, item: Staged) -> int:
    current = lake.version(item.table)
    if current is not None and is_published(lake, item):
        return current
    return lake.replace_rows(item.table, item.rows, item.days)


def _record_definitions(lake: Lake, windows: Mapping[str, ReportWindow]) -> None:
    """Add the definitions that are new."""
    recorded = {
        (r["table_name"], r["definition_hash"]) for r in lake.read_rows(METRIC_DEFINITION).to_pylist()
    }
    rows = [
        {
            "table_name": name,
            "metric": metric.name,
            "meaning": metric.meaning,
            "unit": metric.unit,
            "expression": metric.expression,
            "is_additive": metric.additive,
            "definition_hash": window.definition_hash,
        }
        for name, window in windows.items()
        if (name, window.definition_hash) not in recorded
        for metric in METRICS[name]
    ]
    if rows:
        lake.append_rows(METRIC_DEFINITION, rows)
