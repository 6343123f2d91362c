"""Names for people: members and the calendar."""

from schemas.clean.members import MEMBERS
from schemas.columns import COLUMNS
from schemas.contract import pick
from schemas.reports.declaration import Report
from schemas.reports.family import Family, Spine

DIMENSIONS_FAMILY = Family("dimensions", reads=(MEMBERS,))

DIM_SCOPE = Report(
    name="reports.dim_scope",
    grain="One row per scope, members and the scopes all, unknown and unassigned alike.",
    key=("scope_type", "scope_id"),
    columns=pick(COLUMNS, "scope_type scope_id name_en name_zh class owner valid_from valid_to?"),
    owner="data-platform",
    inputs=DIMENSIONS_FAMILY.inputs,
    family=DIMENSIONS_FAMILY,
    spine=Spine(per="scope"),
)

DIM_DATE = Report(
    name="reports.dim_date",
    grain="One row per day of the business calendar from the first to the last published day.",
    key=("calendar_date",),
    columns=pick(
        COLUMNS, "calendar_date iso_year iso_week week_start_date month weekday is_weekend special_day?"
    ),
    owner="data-platform",
    family=DIMENSIONS_FAMILY,
    spine=Spine(day="calendar_date"),
)
