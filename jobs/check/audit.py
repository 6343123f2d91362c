"""The audit: coverage first, then the saved Great Expectations suites on the very same rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult

from jobs.check.validation import reason_of, rule_of, validate

Result = dict[str, Any]
COVERAGE = "coverage_guard"


@dataclass(frozen=True)
class Subject:
    """What one suite judges.

    Attributes:
        suite: name of the saved suite.
        table_name: table that the results are about.
        frame: every row that the suite looks at.
        gaps: what the coverage guard found missing; None where there is nothing to cover.
        stage_digest: digest of the staged rows that the frame is, if it is.
    """

    suite: str
    table_name: str
    frame: pd.DataFrame
    gaps: list[str] | None = None
    stage_digest: str | None = None


@dataclass
class Audit:
    """What an audit found.

    Attributes:
        results: rows of ops.quality_result without the run.
        validations: Great Expectations' own results, one per suite.
        warnings: what failed without stopping the publication, and what the data's user should know.
    """

    results: list[Result] = field(default_factory=list)
    validations: list[ExpectationSuiteValidationResult] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def audit(subjects: list[Subject]) -> Audit:
    """Judge every subject: its coverage, then its suite, one validation each."""
    outcome = Audit()
    for subject in subjects:
        if subject.gaps is not None:
            outcome.results.append(_coverage(subject, subject.gaps))
        validation = validate(subject.suite, subject.frame)
        outcome.validations.append(validation)
        outcome.results += [_row(subject, result) for result in validation.results]
    return outcome


def _coverage(subject: Subject, faults: list[str]) -> Result:
    return {
        "table_name": subject.table_name,
        "expectation": COVERAGE,
        "rule": "every owed day and scope is there and known",
        "severity": "critical",
        "is_success": not faults,
        "element_count": len(subject.frame),
        "unexpected_count": len(faults),
        "observed": "; ".join(faults[:5]) or None,
        "stage_digest": subject.stage_digest,
    }


def _row(subject: Subject, result: ExpectationValidationResult) -> Result:
    config = result.expectation_config
    assert config is not None
    seen = result.result or {}
    return {
        "table_name": subject.table_name,
        "expectation": config.type,
        "rule": rule_of(config.meta),
        "severity": str(getattr(config.severity, "value", config.severity)),
        "is_success": bool(result.success),
        "element_count": seen.get("element_count"),
        "unexpected_count": seen.get("unexpected_count"),
        "observed": reason_of(result, len(subject.frame)),
        "stage_digest": subject.stage_digest,
    }


def failures(results: list[Result], severity: str) -> list[str]:
    """What failed, a line each."""
    return [
        f"{row['table_name']}: {row['rule']}" + (f" [{row['observed']}]" if row.get("observed") else "")
        for row in results
        if row["severity"] == severity and not row["is_success"]
    ]
