"""The members of every scope type."""

from schemas.columns import COLUMNS
from schemas.contract import Table, pick

MEMBERS = Table(
    name="clean.members",
    grain="One row per member of a scope type, declared in the settings or discovered in the data.",
    key=("scope_type", "scope_id"),
    columns=pick(COLUMNS, "scope_type scope_id name_en name_zh class owner valid_from valid_to? is_declared"),
    owner="data-platform",
)
