"""Saved suites are what contracts and rules say."""

from __future__ import annotations

import pytest

from expectations.suite import load_suite, stale_suites, suites
from schemas.catalog import CLEAN, FACTS, REPORTS, TABLES


def test_saved_suites_are_what_contracts_and_rules_say() -> None:
    assert stale_suites() == []


def test_every_clean_fact_and_report_table_has_a_suite() -> None:
    assert {table.name for table in (*CLEAN, *FACTS, *REPORTS)} <= suites().keys()


@pytest.mark.parametrize("name", sorted(suites()))
def test_a_rule_is_said_once_in_a_suite(name: str) -> None:
    rules = [
        f"{item['meta']['meaning']}: {item['meta']['rule']}" for item in load_suite(name)["expectations"]
    ]
    assert len(rules) == len(set(rules))


def test_no_gate_looks_at_a_personal_value() -> None:
    personal = {c.name for table in TABLES.values() for c in table.columns if c.personal}
    assert not personal & {name for table in REPORTS for name in table.names}
    for table in (*CLEAN, *FACTS):
        columns = {item["kwargs"]["column"] for item in load_suite(table.name)["expectations"]}
        assert all(c == "key_duplicates" or c.endswith("_count") for c in columns), table.name
