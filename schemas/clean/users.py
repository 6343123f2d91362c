"""Users with validity intervals."""

from schemas.columns import COLUMNS
from schemas.contract import Table, pick

USERS = Table(
    name="clean.users",
    grain="One row per user and interval of days on which the user's attributes held.",
    key=("user_id", "valid_from"),
    columns=pick(
        COLUMNS,
        "user_id valid_from valid_to? registered_at? registered_date? platform? channel? region? member_level?"
        " is_bot is_staff content_hash source file position",
    ),
    owner="data-platform",
)
