"""The modules that build report families, found by the names of those that declare them and imported when they are needed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from schemas.catalog import FAMILIES, reports_of
from schemas.contract import DeclarationError
from schemas.reports.declaration import Report
from schemas.reports.family import Family

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from jobs.reports.inputs import SharedInputs

Built = Mapping[Report, "DataFrame | pa.Table"]


def built_reports(shared: SharedInputs) -> dict[Report, DataFrame | pa.Table]:
    """Every report that is computed, as a frame that nobody has collected yet, or as its rows where these are few.

    The families that compute most days come first, since they take longest.

    Raises:
        DeclarationError: a family's module makes other reports than it declares.
    """
    reports: dict[Report, DataFrame | pa.Table] = {}
    for family in sorted(FAMILIES.values(), key=lambda family: -family.restated_days):
        if family.made_at == "compute" and _is_built(family, shared):
            reports |= build(family, shared.of(family))
    return reports


def _is_built(family: Family, shared: SharedInputs) -> bool:
    """A family whose kinds of feeds are not mapped has no window."""
    return family.completeness is None or all(report.name in shared.windows for report in reports_of(family))


def build(family: Family, inputs: Any) -> Built:
    """The reports of a family by its module in this package.

    Raises:
        DeclarationError: the module makes other reports than the family has.
    """
    built: Built = import_module(f"jobs.reports.{family.name}").build(inputs)
    if set(built) != set(reports_of(family)):
        made = ", ".join(sorted(report.name for report in built))
        raise DeclarationError(
            f"jobs/reports/{family.name}.py makes {made or 'nothing'}, and not what it declares"
        )
    return built
