"""What a family declares decides whether it is built, what closes it and what it restates."""

from __future__ import annotations

import pytest

from schemas.catalog import FAMILIES, REPORTS
from schemas.contract import DeclarationError
from schemas.facts.scope_day import SCOPE_DAY
from schemas.facts.user_scope_day import COUNTED_BY_TYPE
from schemas.kinds import KINDS
from schemas.reports.activity import ACTIVITY_FAMILY, SCOPE
from schemas.reports.declaration import report
from schemas.reports.family import Completeness, Family, Spine

COMMERCE = Completeness(optional=frozenset({"orders", "refunds"}))
EVENTS = Completeness(required=frozenset({"activity"}), optional=frozenset({"orders"}))


@pytest.mark.parametrize(
    ("completeness", "mapped", "closing"),
    [
        (COMMERCE, {"activity", "orders"}, {"orders"}),
        (COMMERCE, {"orders", "refunds"}, {"orders", "refunds"}),
        (COMMERCE, {"activity"}, set()),
        (EVENTS, {"activity"}, {"activity"}),
        (EVENTS, {"activity", "orders"}, {"activity", "orders"}),
        (EVENTS, {"orders"}, set()),
    ],
)
def test_rows_are_closed_by_the_kinds_that_are_mapped_and_not_built_without_a_required_one(
    completeness: Completeness, mapped: set[str], closing: set[str]
) -> None:
    assert completeness.closing_kinds(frozenset(mapped)) == closing


def test_a_day_restates_the_days_before_it_whose_windows_it_lies_in() -> None:
    assert Family("x").restated_days == 0
    assert Family("x", windows=(("D1", 1, 1), ("W2", 8, 14))).restated_days == 14


def test_a_report_is_made_of_the_tables_of_its_family_through_shared_frames_too() -> None:
    family = Family("x", reads=(SCOPE_DAY, COUNTED_BY_TYPE))
    assert family.inputs == ("facts.scope_day", "clean.events", "clean.users", "clean.members")


def test_every_kind_that_a_family_names_is_a_kind_of_feed() -> None:
    kinds = frozenset(KINDS)
    for family in FAMILIES.values():
        assert frozenset(family.source_kinds.values()) <= kinds
        if family.completeness is not None:
            assert family.completeness.required | family.completeness.optional <= kinds


def test_every_report_has_a_family_and_every_family_a_report() -> None:
    assert {report.family.name for report in REPORTS} == set(FAMILIES)


def test_a_spine_whose_day_identifies_no_row_is_refused() -> None:
    with pytest.raises(DeclarationError, match="reports.x: the spine's day order_date is not in the key"):
        report(
            "x",
            "One row per activity date and scope.",
            f"activity_date {SCOPE}",
            (),
            ACTIVITY_FAMILY,
            Spine("order_date"),
            extra="order_date",
        )
