"""The results of the newest check, as the lake keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jobs.lake.tables import Lake
from schemas.ops.tables import QUALITY_RESULT, RUN


@dataclass(frozen=True)
class Gates:
    """The quality results of the newest check.

    Attributes:
        evaluated: number of expectations.
        failed: table_name, rule, severity and observed of those that did not hold.
    """

    run_id: str
    evaluated: int
    failed: list[dict[str, Any]]


def newest_gates(lake: Lake) -> Gates | None:
    """The results of the newest check that judged anything."""
    checks = [row for row in lake.read_rows(RUN).to_pylist() if row["command"] == "check"]
    results = lake.read_rows(QUALITY_RESULT).to_pylist()
    judged_runs = {row["run_id"] for row in results}
    newest = sorted(checks, key=lambda row: row["started_at"], reverse=True)
    run_id = next((row["run_id"] for row in newest if row["run_id"] in judged_runs), None)
    if run_id is None:
        return None
    of_run = [row for row in results if row["run_id"] == run_id]
    shown = ("table_name", "rule", "severity", "observed")
    failed = [{name: row[name] for name in shown} for row in of_run if not row["is_success"]]
    return Gates(run_id, len(of_run), failed)
