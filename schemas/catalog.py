"""Every table, report family and metric, found in the packages: each exists by being declared in one of them."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType

import schemas.clean
import schemas.facts
import schemas.ops
import schemas.reports
from schemas.contract import DeclarationError, Table
from schemas.metrics.declaration import AnyMetric
from schemas.reports.declaration import Report
from schemas.reports.family import Family


def _tables(package: ModuleType) -> tuple[Table, ...]:
    """The tables that the modules of a package declare, by module and in the order of their lines.

    A module may import tables of another layer, which are not its package's own.
    """
    layer = package.__name__.rsplit(".", 1)[-1]
    tables: dict[str, Table] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        for value in vars(import_module(f"{package.__name__}.{module}")).values():
            if not isinstance(value, Table) or value.layer != layer:
                continue
            if tables.setdefault(value.name, value) is not value:
                raise DeclarationError(f"{value.name} is declared twice")
    return tuple(tables.values())


def _families() -> dict[str, Family]:
    """The families of the reports by name."""
    families: dict[str, Family] = {}
    for report in REPORTS:
        family = families.setdefault(report.family.name, report.family)
        if (
            family is not report.family
            or family not in vars(import_module(f"schemas.reports.{family.name}")).values()
        ):
            raise DeclarationError(
                f"{report.name}: schemas/reports/{family.name}.py declares another family or none"
            )
    return families


CLEAN, FACTS, OPS = map(_tables, (schemas.clean, schemas.facts, schemas.ops))
REPORTS = tuple(table for table in _tables(schemas.reports) if isinstance(table, Report))
TABLES: dict[str, Table] = {table.name: table for table in (*CLEAN, *FACTS, *REPORTS, *OPS)}
_BARE = [table.name.partition(".")[2] for table in TABLES.values()]
BARE_NAMES: dict[str, Table] = {
    bare: table for bare, table in zip(_BARE, TABLES.values(), strict=True) if _BARE.count(bare) == 1
}
"""Tables by their names without a layer, where no other layer has a table of that name."""
REPORT_OF: dict[str, Report] = {report.name: report for report in REPORTS}
METRICS: dict[str, tuple[AnyMetric, ...]] = {
    report.name: report.metrics for report in REPORTS if report.metrics
}
FAMILIES = _families()


def reports_of(family: Family) -> tuple[Report, ...]:
    """The reports of a family, those too that a module of their own declares."""
    return tuple(report for report in REPORTS if report.family is family)
