"""Every saved expectation stops a run whose staged rows break it in one cell, and nothing published moves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from conf.errors import GateFailed
from expectations.catalog import IDENTITIES
from expectations.suite import load_suite, suites
from jobs.check import audit, validation
from jobs.check.identities import BUILDERS
from jobs.check.validation import rule_of, validate
from jobs.lake.tables import Lake
from jobs.pipeline.run import run
from jobs.pipeline.stages import Outcome
from jobs.publish.digest import canonical_digest
from jobs.publish.stage import staging_table
from schemas.catalog import FACTS, REPORTS, TABLES
from schemas.ops.tables import INGEST_BALANCE, PROFILE, PUBLICATION, QUALITY_RESULT
from tests.jobs.check.broken import ACTIVITY, CELLS, Row, break_cells, break_rows, break_staged
from tests.jobs.check.staged_shop import Silent, settings_of

pytestmark = pytest.mark.usefixtures("each_frame_once")
SHAPE = "expect_table_columns_to_match_ordered_list"


def _rounds() -> Iterator[dict[str, Row]]:
    """Every saved expectation once: the first of each table, the second of each, …, then the identities one by one.

    A table's suite sees that table alone, so that each expectation of a round meets one changed cell.
    """
    tables = [name for name in sorted(suites()) if name in TABLES]
    saved = [[i for i in load_suite(name)["expectations"] if i["type"] != SHAPE] for name in tables]
    for items in zip_longest(*saved):
        yield {name: item for name, item in zip(tables, items, strict=True) if item}
    for name in sorted(set(suites()) - set(tables)):
        for item in load_suite(name)["expectations"]:
            yield {name: item}


ROUNDS = [
    pytest.param(items, id=next(iter(items)) if len(items) == 1 else f"{number} of each table")
    for number, items in enumerate(_rounds(), 1)
]


def _run(root: Path, *stages: str) -> Outcome:
    return run(settings_of(root), stages, None, None, Silent())


def _published(lake: Lake) -> dict[str, tuple[int | None, str]]:
    """Version and digest of everything that readers see."""
    return {
        t.name: (lake.version(t), canonical_digest(t, lake.read_rows(t))) for t in (*REPORTS, PUBLICATION)
    }


def _saved_as(suite: str, item: Row) -> tuple[str, str]:
    """Table and rule as ops.quality_result names them."""
    return ("reports" if suite.startswith("identity.") else suite, rule_of(item["meta"]))


def _failed(lake: Lake) -> set[tuple[str, str]]:
    """Table and rule of what the newest audit found broken."""
    rows = lake.read_rows(QUALITY_RESULT).to_pylist()
    return {(row["table_name"], row["rule"]) for row in rows if not row["is_success"]}


def test_every_gate_passes_on_all_rows_and_the_days_are_published(root: Path) -> None:
    outcome = _run(root, "check", "publish")
    lake = Lake(str(root))
    results = lake.read_rows(QUALITY_RESULT).to_pylist()
    assert [row for row in results if not row["is_success"]] == []
    rules = {(row["table_name"], row["rule"]) for row in results}
    saved = {_saved_as(name, item) for name in suites() for item in load_suite(name)["expectations"]}
    guarded = {(name, "every owed day and scope is there and known") for name in suites() if name in TABLES}
    assert rules == saved | guarded
    assert len(results) == len(rules), "a rule is named once"
    assert {name for name, _, _ in outcome.published} == {table.name for table in REPORTS}
    assert outcome.warnings == []


@pytest.mark.parametrize("items", ROUNDS)
def test_one_changed_cell_fails_its_expectation_and_publishes_nothing(
    root: Path, items: dict[str, Row]
) -> None:
    lake = Lake(str(root))
    break_cells(lake, items)
    before = _published(lake)
    critical = [rule_of(item["meta"]) for item in items.values() if item["severity"] == "critical"]
    warnings = [rule_of(item["meta"]) for item in items.values() if item["severity"] == "warning"]
    if critical:
        with pytest.raises(GateFailed) as stopped:
            _run(root, "check")
        assert stopped.value.exit_code == 5
        told = str(stopped.value).splitlines()
        assert [rule for rule in critical if not any(rule in line for line in told)] == []
    else:
        told = _run(root, "check").warnings
        assert [rule for rule in warnings if not any(rule in line for line in told)] == []
    assert _failed(lake) >= {_saved_as(name, item) for name, item in items.items()}
    if critical:
        with pytest.raises(GateFailed):
            _run(root, "publish")
        assert _published(lake) == before


@pytest.mark.parametrize("table", REPORTS, ids=lambda table: table.name)
def test_columns_that_are_not_the_contracts_fail_their_expectation(root: Path, table: Any) -> None:
    lake = Lake(str(root))
    frame = lake.read_rows(staging_table(table)).to_pandas()
    renamed = frame.rename(columns={table.names[-1]: "something_else"})
    found = {r.expectation_config.type: bool(r.success) for r in validate(table.name, renamed).results}
    assert found[SHAPE] is False
    assert {r.expectation_config.type: bool(r.success) for r in validate(table.name, frame).results}[
        SHAPE
    ] is True


def test_a_warning_is_published(root: Path) -> None:
    break_cells(Lake(str(root)), {"identity.lines": load_suite("identity.lines")["expectations"][0]})
    outcome = _run(root, "check", "publish")
    assert [name for name, _, _ in outcome.published]
    assert [line for line in outcome.warnings if "order lines" in line]


def test_an_identity_has_a_builder_and_a_cell_that_breaks_it() -> None:
    assert BUILDERS.keys() == IDENTITIES.keys()
    assert CELLS.keys() == IDENTITIES.keys()


def test_what_is_published_stays_when_a_later_stage_fails_its_gates(root: Path) -> None:
    _run(root, "check", "publish")
    lake = Lake(str(root))
    before = _published(lake)
    break_staged(lake, {ACTIVITY: lambda rows: rows[0].update(dau=-1)})
    with pytest.raises(GateFailed):
        _run(root, "publish")  # nobody has audited these rows
    with pytest.raises(GateFailed):
        _run(root, "check", "publish")
    assert _published(lake) == before


@pytest.mark.parametrize("table", REPORTS, ids=lambda table: table.name)
def test_an_empty_or_partly_missing_frame_never_passes(root: Path, table: Any) -> None:
    lake = Lake(str(root))
    break_staged(lake, {table.name: lambda rows: rows.clear()})
    with pytest.raises(GateFailed):
        _run(root, "check")
    failed = [row for row in lake.read_rows(QUALITY_RESULT).to_pylist() if not row["is_success"]]
    if table.spine.is_sparse:  # it need not have any row; that it sums to the others shows that all are gone
        assert any("of all event types sum to" in row["rule"] for row in failed)
    else:
        assert (table.name, "the frame has no rows") in {(r["table_name"], r["observed"]) for r in failed}


def test_facts_may_be_empty_only_where_no_record_was_accepted(root: Path) -> None:
    lake = Lake(str(root))

    def without_facts(rows: list[Row]) -> None:
        kept = [
            row
            for row in rows
            if row["table_name"] not in {t.name for t in FACTS} or row["profile_date"] is None
        ]
        for row in kept:
            if row["table_name"] in {table.name for table in FACTS}:
                row.update(row_count=0, null_count=0)
        rows[:] = kept

    break_rows(lake, PROFILE.name, without_facts)
    with pytest.raises(GateFailed, match="facts.user_scope_day: every owed day"):
        _run(root, "check")
    break_rows(
        lake, INGEST_BALANCE.name, lambda rows: [row.update(outcome="filtered") for row in rows] and None
    )
    with pytest.raises(GateFailed) as stopped:
        _run(root, "check")
    assert "facts.user_scope_day: every owed day" not in str(stopped.value)


def test_a_table_that_was_not_profiled_in_this_run_fails(root: Path) -> None:
    lake = Lake(str(root))
    break_rows(lake, PROFILE.name, lambda rows: [row.update(run_id="another") for row in rows] and None)
    with pytest.raises(GateFailed, match="clean.events: .*the table was not profiled in this run"):
        _run(root, "check")


def test_an_expectation_that_looks_at_fewer_rows_than_are_staged_fails(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Great Expectations itself leaves rows out of a condition; all that it looks at are right."""
    rule = "dau of members"
    item = {
        "type": "expect_column_values_to_be_between", "severity": "critical",
        "kwargs": {"column": "dau", "min_value": 0, "row_condition": 'scope_type == "scene"', "condition_parser": "pandas"},
        "meta": {"meaning": rule, "rule": "dau >= 0"},
    }  # fmt: skip

    def narrowed(name: str) -> Row:
        own = load_suite(name)
        return own | {"expectations": [*own["expectations"], item]} if name == ACTIVITY else own

    remembered = audit.validate
    monkeypatch.setattr(validation, "load_suite", narrowed)
    monkeypatch.setattr(
        audit, "validate", lambda name, rows: (validate if name == ACTIVITY else remembered)(name, rows)
    )
    with pytest.raises(GateFailed, match=rule):
        _run(root, "check")
    found = [row for row in Lake(str(root)).read_rows(QUALITY_RESULT).to_pylist() if not row["is_success"]]
    assert [(row["rule"], row["element_count"], row["observed"]) for row in found] == [
        (f"{rule}: dau >= 0", 6, "looked at 6 of 16 rows")
    ]


def test_an_expectation_that_errors_fails_and_takes_no_other_with_it() -> None:
    frame = pd.DataFrame({"key_duplicates": [0]})
    results = validate("clean.members", frame).results
    assert len(results) == len(load_suite("clean.members")["expectations"])
    assert [
        bool(r.success) for r in results if r.expectation_config.kwargs["column"] == "key_duplicates"
    ] == [True]
    assert not any(r.success for r in results if r.expectation_config.kwargs["column"] != "key_duplicates")
