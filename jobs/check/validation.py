"""Great Expectations on one frame: every saved expectation of a suite has exactly one result, or has failed."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

import great_expectations as gx
import pandas as pd
from great_expectations.core import (
    ExpectationSuite,
    ExpectationSuiteValidationResult,
    ExpectationValidationResult,
)
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.datasource.fluent.interfaces import Batch
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

from expectations.suite import load_suite

Saved = dict[str, Any]
_FAILED = "could not be evaluated"


@cache
def _frames() -> BatchDefinition:
    """Whole frames in an ephemeral context: nothing is written and nothing leaves the machine."""
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    asset = context.data_sources.add_pandas("lake").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


def validate(suite_name: str, frame: pd.DataFrame) -> ExpectationSuiteValidationResult:
    """The saved suite on the frame, one result per expectation, in the suite's order.

    An expectation that cannot be evaluated, or that looked at fewer rows than the frame has, has failed; it takes
    no other with it.
    """
    saved: list[Saved] = load_suite(suite_name)["expectations"]
    results = _evaluate(suite_name, saved, _frames().get_batch({"dataframe": frame}))
    for result in results:
        result.success = bool(result.success) and reason_of(result, len(frame)) is None
    held = sum(bool(result.success) for result in results)
    return ExpectationSuiteValidationResult(
        suite_name=suite_name,
        success=held == len(results),
        results=results,
        statistics={
            "evaluated_expectations": len(results),
            "successful_expectations": held,
            "unsuccessful_expectations": len(results) - held,
            "success_percent": 100.0 * held / len(results),
        },
        meta={"great_expectations_version": gx.__version__, "active_batch_definition": {"rows": len(frame)}},
    )


def reason_of(result: ExpectationValidationResult, rows: int) -> str | None:
    """Why a result says nothing about the frame; None where it does."""
    if raised(result):
        return _FAILED
    seen = (result.result or {}).get("element_count")
    return f"looked at {seen} of {rows} rows" if seen is not None and seen != rows else None


def raised(result: ExpectationValidationResult) -> bool:
    """The expectation ended in an error."""
    info = result.exception_info or {}
    parts = (
        [info] if "raised_exception" in info else [part for part in info.values() if isinstance(part, dict)]
    )
    return any(part.get("raised_exception") for part in parts)


def rule_of(meta: dict[str, Any]) -> str:
    """The rule as ops.quality_result names it; unique within a suite."""
    return f"{meta['meaning']}: {meta['rule']}"


def _evaluate(name: str, saved: list[Saved], batch: Batch) -> list[ExpectationValidationResult]:
    """All in one validation; those that are missing or in error once more, alone, since one may have spoilt all."""
    by_rule = _run(name, saved, batch)
    results = []
    for item in saved:
        rule = rule_of(item["meta"])
        if rule not in by_rule or raised(by_rule[rule]):
            by_rule |= _run(name, [item], batch)
        results.append(by_rule.get(rule) or _unevaluated(item))
    return results


def _run(name: str, saved: list[Saved], batch: Batch) -> dict[str, ExpectationValidationResult]:
    """Results by rule."""
    parts = ("type", "kwargs", "meta", "severity")
    try:
        suite = ExpectationSuite(
            name=name, expectations=[{part: item[part] for part in parts} for item in saved]
        )
        results = batch.validate(suite, result_format="BASIC").results
    except Exception:  # whatever goes wrong must count as a failure of what was not evaluated
        return {}
    return {rule_of(r.expectation_config.meta): r for r in results if r.expectation_config is not None}


def _unevaluated(item: Saved) -> ExpectationValidationResult:
    return ExpectationValidationResult(
        success=False,
        expectation_config=ExpectationConfiguration(
            type=item["type"], kwargs=item["kwargs"], meta=item["meta"], severity=item["severity"]
        ),
        exception_info={"raised_exception": True, "exception_message": _FAILED, "exception_traceback": ""},
        result={},
    )
