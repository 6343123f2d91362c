"""Names for people: members, the calendar, and how fresh each table is."""

from schemas.columns import COLUMNS
from schemas.contract import Table, pick

DIM_SCOPE = Table(
    name="reports.dim_scope",
    grain="One row per scope, members and the scopes all, unknown and unassigned alike.",
    key=("scope_type", "scope_id"),
    columns=pick(COLUMNS, "scope_type scope_id name_en name_zh class owner valid_from valid_to?"),
    owner="data-platform",
    inputs=("clean.members",),
)

DIM_DATE = Table(
    name="reports.dim_date",
    grain="One row per day of the business calendar from the first to the last published day.",
    key=("calendar_date",),
    columns=pick(
        COLUMNS, "calendar_date iso_year iso_week week_start_date month weekday is_weekend special_day?"
    ),
    owner="data-platform",
)

FRESHNESS = Table(
    name="reports.freshness",
    grain="One row per published table.",
    key=("table_name",),
    columns=pick(COLUMNS, "table_name last_arrival_date? closed_through? published_version?"),
    owner="data-platform",
)
