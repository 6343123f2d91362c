"""The suite of a table: what its contract implies, and its own rules. Saved as JSON beside this file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from expectations.catalog import IDENTITIES, RULES
from expectations.profile import is_never_negative, profiled
from expectations.rule import Rule, between, not_null
from schemas.catalog import CLEAN, FACTS, REPORTS
from schemas.contract import Column, Table

FOLDER = Path(__file__).resolve().parent / "suites"


def suite_for(table: Table) -> list[Rule]:
    """Every rule of a report table, the structural ones first."""
    rules = [
        Rule(
            "expect_table_columns_to_match_ordered_list",
            {"column_list": list(table.names)},
            "the columns are the contract's",
        ),
        Rule(
            "expect_compound_columns_to_be_unique"
            if len(table.key) > 1
            else "expect_column_values_to_be_unique",
            {"column_list": list(table.key)} if len(table.key) > 1 else {"column": table.key[0]},
            "the key identifies a row",
        ),
    ]
    for column in table.columns:
        rules += _of_column(table, column)
    return rules + list(RULES.get(table.name, ()))


def _of_column(table: Table, column: Column) -> list[Rule]:
    rules = [] if column.nullable else [not_null(column.name)]
    if column.allowed:
        allowed = {"column": column.name, "value_set": list(column.allowed)}
        rules.append(
            Rule("expect_column_values_to_be_in_set", allowed, f"{column.name} is one of a closed list")
        )
    if column.name in table.metric_columns and column.unit == "ratio":
        rules.append(between(column.name, 0, 1, f"{column.name} is a share"))
    elif is_never_negative(table, column):
        rules.append(between(column.name, 0, None, f"{column.name} counts or sums what exists"))
    return rules


def suites() -> dict[str, list[Rule]]:
    """Every saved suite: one per report table, per clean and fact table (on its profile), and per identity."""
    tables = profiled((*CLEAN, *FACTS)) | {table.name: suite_for(table) for table in REPORTS}
    return tables | {f"identity.{name}": [rule] for name, rule in IDENTITIES.items()}


def as_json(name: str, rules: list[Rule]) -> str:
    """A suite in Great Expectations' own form, without random ids."""
    body: dict[str, Any] = {
        "name": name,
        "expectations": [
            {
                "type": rule.expectation,
                "kwargs": rule.arguments,
                "severity": rule.severity,
                "meta": {"meaning": rule.meaning, "rule": rule.text},
            }
            for rule in rules
        ],
    }
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def load_suite(name: str) -> dict[str, Any]:
    """A saved suite.

    Raises:
        FileNotFoundError: none was saved under that name.
    """
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def stale_suites() -> list[Path]:
    """Saved suites that are not what the contracts and rules say, or are left over."""
    wanted = {FOLDER / f"{name}.json": as_json(name, rules) for name, rules in suites().items()}
    stale = [
        path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    return stale + [path for path in FOLDER.glob("*.json") if path not in wanted]


def write_suites() -> None:
    """Save every suite."""
    FOLDER.mkdir(exist_ok=True)
    for path in stale_suites():
        path.unlink(missing_ok=True)
    for name, rules in suites().items():
        (FOLDER / f"{name}.json").write_text(as_json(name, rules), encoding="utf-8")
