"""How fresh each published table is."""

from schemas.columns import COLUMNS
from schemas.contract import pick
from schemas.reports.declaration import Report
from schemas.reports.family import Family

FRESHNESS_FAMILY = Family("freshness", made_at="stage")

FRESHNESS = Report(
    name="reports.freshness",
    grain="One row per published table.",
    key=("table_name",),
    columns=pick(COLUMNS, "table_name last_arrival_date? closed_through? published_version?"),
    owner="data-platform",
    family=FRESHNESS_FAMILY,
)
