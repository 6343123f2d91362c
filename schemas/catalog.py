"""Every table and the metrics of each report, found in the packages: a table exists by being declared in one of them."""

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


def _tables(package: ModuleType) -> tuple[Table, ...]:
    """The tables that the modules of a package declare, by module and in the order of their lines."""
    found: dict[str, Table] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        for value in vars(import_module(f"{package.__name__}.{module}")).values():
            if isinstance(value, Table) and found.setdefault(value.name, value) is not value:
                raise DeclarationError(f"{value.name} is declared twice")
    return tuple(found.values())


CLEAN, FACTS, REPORTS, OPS = map(_tables, (schemas.clean, schemas.facts, schemas.reports, schemas.ops))
TABLES: dict[str, Table] = {table.name: table for table in (*CLEAN, *FACTS, *REPORTS, *OPS)}
_BARE = [table.name.partition(".")[2] for table in TABLES.values()]
BARE_NAMES: dict[str, Table] = {
    bare: table for bare, table in zip(_BARE, TABLES.values(), strict=True) if _BARE.count(bare) == 1
}
"""Tables by their names without a layer, where no other layer has a table of that name."""
METRIC_REPORTS = tuple(table for table in REPORTS if isinstance(table, Report))
METRICS: dict[str, tuple[AnyMetric, ...]] = {report.name: report.metrics for report in METRIC_REPORTS}
