"""The audit of staged frames: coverage first, then the saved Great Expectations suites on the very same rows."""

from __future__ import annotations

import logging
from typing import Any

import great_expectations as gx
import pandas as pd
from great_expectations.core import ExpectationSuite
from great_expectations.datasource.fluent.interfaces import Batch

from expectations.suite import load_suite
from jobs.check.coverage import Owed, gaps
from schemas.contract import Table

Result = dict[str, Any]


def audit(
    frames: dict[str, tuple[Table, pd.DataFrame]],
    identities: dict[str, pd.DataFrame],
    owed: dict[str, Owed],
    run_id: str,
) -> list[Result]:
    """Rows of ops.quality_result for every staged frame and every identity between them.

    An expectation that cannot be evaluated, or that looked at fewer rows than are staged, has failed.
    """
    results = []
    batches = _Batches()
    for name, (table, frame) in frames.items():
        results += [_coverage(run_id, name, gaps(table, frame, owed[name]), len(frame))]
        results += batches.validate(run_id, name, name, frame)
    for name, frame in identities.items():
        results += batches.validate(run_id, "reports", f"identity.{name}", frame)
    return results


def _coverage(run_id: str, name: str, faults: list[str], rows: int) -> Result:
    return {
        "run_id": run_id,
        "table_name": name,
        "expectation": "coverage_guard",
        "rule": "every owed day and scope is there and known",
        "severity": "critical",
        "is_success": not faults,
        "element_count": rows,
        "unexpected_count": len(faults),
        "observed": "; ".join(faults[:5]) or None,
    }


class _Batches:
    """Frames as Great Expectations batches in one ephemeral context."""

    def __init__(self) -> None:
        logging.getLogger("great_expectations").setLevel(logging.ERROR)
        self._context = gx.get_context(mode="ephemeral")
        self._context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
        self._source = self._context.data_sources.add_pandas("staged")

    def validate(self, run_id: str, table_name: str, suite_name: str, frame: pd.DataFrame) -> list[Result]:
        saved = load_suite(suite_name)
        asset = self._source.add_dataframe_asset(suite_name)
        batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
        return [self._one(run_id, table_name, item, batch, len(frame)) for item in saved["expectations"]]

    def _one(self, run_id: str, table_name: str, item: dict[str, Any], batch: Batch, rows: int) -> Result:
        row: Result = {
            "run_id": run_id,
            "table_name": table_name,
            "expectation": item["type"],
            "rule": f"{item['meta']['meaning']}: {item['meta']['rule']}",
            "severity": item["severity"],
            "is_success": False,
        }
        try:
            suite = ExpectationSuite(name="one", expectations=[_bare(item)])
            result = batch.validate(suite, result_format="BASIC").results[0]
        except Exception as error:  # whatever goes wrong in an expectation must count as its failure
            return row | {"observed": f"could not be evaluated: {type(error).__name__}"}
        raised = any(info.get("raised_exception") for info in _exceptions(result.exception_info))
        seen = (result.result or {}).get("element_count")
        row |= {"element_count": seen, "unexpected_count": (result.result or {}).get("unexpected_count")}
        if raised:
            return row | {"observed": "could not be evaluated"}
        if seen is not None and seen != rows:
            return row | {"observed": f"looked at {seen} of {rows} rows"}
        return row | {"is_success": bool(result.success)}


def _bare(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": item["type"],
        "kwargs": item["kwargs"],
        "meta": item["meta"],
        "severity": item["severity"],
    }


def _exceptions(info: Any) -> list[dict[str, Any]]:
    if not isinstance(info, dict):
        return []
    return (
        [info]
        if "raised_exception" in info
        else [value for value in info.values() if isinstance(value, dict)]
    )


def failures(results: list[Result], severity: str) -> list[str]:
    """What failed, a line each."""
    return [
        f"{row['table_name']}: {row['rule']}" + (f" [{row['observed']}]" if row.get("observed") else "")
        for row in results
        if row["severity"] == severity and not row["is_success"]
    ]
