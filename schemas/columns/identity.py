"""Columns that say who, where and in which chain: users, members, scopes, touch chains."""

from conf.scopes import MEMBER_TYPES, SCOPE_TYPES
from schemas.contract import Column

IDENTITY = (
    Column("event_id", "string", "Identifies one event; repeated deliveries carry the same value."),
    Column("user_id", "string", "The shop's own identifier of a user.", personal=True),
    Column("session_id", "string", "The log's own identifier of a session."),
    Column(
        "touch_id", "string", "Links an exposure, the tool, the service and the activity that follow from it."
    ),
    Column("event_type", "string", "What the user did, in the source's own word."),
    *(
        Column(
            scope_type.column,
            "string",
            f"Code of the {scope_type.name} as the source gives it; NULL where the row has none.",
        )
        for scope_type in MEMBER_TYPES
    ),
    Column("item_id", "string", "The shop's own identifier of an item for sale."),
    Column("merchant_id", "string", "The shop's own identifier of a merchant."),
    Column("is_exposure", "boolean", "The event was shown to the user and does not make the user active."),
    Column("is_bot", "boolean", "The account is declared to be automated; it is in no user metric."),
    Column("is_staff", "boolean", "The account belongs to staff or tests; it is in no user metric."),
    Column("platform", "string", "Device platform of the user."),
    Column("channel", "string", "Acquisition channel of the user."),
    Column("region", "string", "Region of the user, as the source names it."),
    Column("member_level", "string", "Membership level of the user in the shop."),
    Column(
        "scope_type",
        "string",
        "What the row is about: everything, or one kind of member.",
        allowed=SCOPE_TYPES,
    ),
    Column(
        "scope_id", "string", "Code of the member; all, unknown (code not listed) or unassigned (no code)."
    ),
    Column("group_type", "string", "User attribute by which the row is cut; all where uncut."),
    Column("group_id", "string", "Value of the user attribute; all where uncut."),
    Column("name_en", "string", "English name for people to read."),
    Column("name_zh", "string", "Chinese name for people to read."),
    Column("class", "string", "Class of the member, such as shopping, social or content."),
    Column("owner", "string", "Team that answers for the member."),
    Column("is_declared", "boolean", "Listed in conf/members; otherwise discovered in the data."),
)
