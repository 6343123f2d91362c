"""The coverage guard: the rows that must be there are there, no less and no more."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from jobs.check.coverage import ExpectedRows, gaps, profile_gaps
from schemas.catalog import REPORT_OF, TABLES

DAY = date(2026, 3, 1)
ACTIVITY = REPORT_OF["reports.activity_daily"]


def _activity(*places: tuple[int, str, str]) -> pd.DataFrame:
    """One row per (day, scope type, scope id); every count is 0, and what is divided by one not defined."""
    rows = [
        {c.name: None if c.nullable else 0 for c in ACTIVITY.columns}
        | {"activity_date": DAY + timedelta(days=n), "scope_type": t, "scope_id": i, "is_complete": True}
        for n, t, i in places
    ]
    return pd.DataFrame(rows, dtype=object)


def test_an_all_null_column_of_closed_days_never_passes_and_open_days_are_not_judged() -> None:
    frame = _activity((0, "all", "all"), (1, "all", "all"))
    frame["dau"] = None
    assert gaps(ACTIVITY, frame, ExpectedRows(None, min_non_null_share=0.99)) == [
        "dau: only 0.0% of the rows are known"
    ]
    frame["is_complete"] = False
    assert gaps(ACTIVITY, frame, ExpectedRows(None, min_non_null_share=0.99)) == []


@pytest.mark.parametrize(
    ("kinds", "faults"),
    [
        ({"orders", "refunds", "users"}, ["orders", "buyers", "gmv_paid", "refunds", "new_registered", "registered_users"]),
        ({"orders"}, ["orders", "buyers", "gmv_paid"]),
        (set(), []),
    ],
)  # fmt: skip
def test_what_the_contract_lets_be_null_is_required_where_its_source_is_mapped(
    kinds: set[str], faults: list[str]
) -> None:
    orders = REPORT_OF["reports.orders_daily"]
    sources = {source for source, kind in orders.family.source_kinds.items() if kind in kinds}
    mapped = frozenset(metric.name for metric in orders.metrics if metric.source in sources)
    day = {c.name: None for c in orders.columns} | {"order_date": DAY, "scope_type": "all", "scope_id": "all"}
    frame = pd.DataFrame([day | {"is_complete": True, "definition_hash": "h"}] * 2, dtype=object)
    assert gaps(orders, frame, ExpectedRows(None, mapped_columns=mapped)) == [
        f"{name}: only 0.0% of the rows are known" for name in faults
    ]


def test_a_derived_metric_is_what_its_expression_gives_and_null_only_where_that_is() -> None:
    retention = REPORT_OF["reports.retention"]
    closed = {"is_complete": True, "cohort_size": 4, "retained_so_far": 1, "retained": 1, "rate": 0.25}
    rows = [
        closed,
        closed | {"cohort_size": 0, "retained_so_far": 0, "retained": 0, "rate": None},
        closed | {"is_complete": False, "retained": None, "rate": None},
    ]
    others = {c.name: 0 for c in retention.columns}
    right = pd.DataFrame([others | row for row in rows])
    assert gaps(retention, right, ExpectedRows(None)) == []
    wrong = right.assign(rate=[None, None, 0.25])
    assert gaps(retention, wrong, ExpectedRows(None)) == [
        "rate: 2 rows are other than cast(if(is_complete, retained_so_far, null) as double) / nullif(cohort_size, 0)"
    ]


@pytest.mark.parametrize(
    ("places", "faults"),
    [
        ([(0, "all", "all"), (1, "all", "all"), (1, "scene", "search")], []),
        ([(1, "all", "all"), (1, "scene", "search")],
         ["1 days are missing, the first is 2026-03-01", "all all: 1 of 2 rows are there"]),
        ([(0, "all", "all"), (1, "all", "all"), (2, "all", "all"), (1, "scene", "search")],
         ["1 days were not asked for, the first is 2026-03-03", "all all: 3 of 2 rows are there"]),
        ([(0, "all", "all"), (1, "all", "all")], ["scene search: 0 of 1 rows are there"]),
        ([(0, "all", "all"), (1, "all", "all"), (1, "scene", "search"), (1, "scene", "other")],
         ["('scene', 'other'): nobody asked for this scope"]),
    ],
)  # fmt: skip
def test_missing_and_additional_days_and_scopes_are_named(
    places: list[tuple[int, str, str]], faults: list[str]
) -> None:
    expected = ExpectedRows(
        (DAY, DAY + timedelta(days=1)), {("all", "all"): DAY, ("scene", "search"): DAY + timedelta(days=1)}
    )
    assert gaps(ACTIVITY, _activity(*places), expected) == faults


def test_each_scope_has_as_many_rows_as_its_report_says() -> None:
    engagement = REPORT_OF["reports.engagement"]
    rows = [
        {c.name: 0 for c in engagement.columns}
        | {"activity_date": DAY, "scope_type": "all", "scope_id": "all"}
    ]
    expected = ExpectedRows((DAY, DAY), {("all", "all"): DAY})
    assert gaps(engagement, pd.DataFrame(rows * 28), expected) == []
    assert gaps(engagement, pd.DataFrame(rows * 27), expected) == ["all all: 27 of 28 rows are there"]


def test_a_profile_speaks_of_every_column_and_of_rows_where_there_must_be_some() -> None:
    table = TABLES["clean.members"]
    rows = pd.DataFrame([{"column_name": n, "profile_date": None, "row_count": 0} for n in table.names])
    assert profile_gaps(table, rows, must_have_rows=False) == []
    assert profile_gaps(table, rows, must_have_rows=True) == [
        "no rows on these days, although records were accepted that arrived on them"
    ]
    assert profile_gaps(table, rows.iloc[1:], must_have_rows=False) == [
        "the profile does not speak of every column of the contract"
    ]
    assert profile_gaps(table, rows.iloc[:0], must_have_rows=False) == [
        "the table was not profiled in this run"
    ]
