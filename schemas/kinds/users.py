"""Users: whole lists of who is registered, and with which attributes."""

import re

from schemas.clean.users import USERS
from schemas.kinds.declaration import Grain, Kind
from schemas.kinds.recognition import USER, Recognition

_REGISTERED = re.compile("regist|sign_?up", re.I)

USERS_KIND = Kind(
    name="users",
    grains=(Grain(name="user", nature="snapshot", table=USERS, key="user_id"),),
    instant="registered_at",
    day="registered_date",
    counted_by=("registered_at",),
    recognition=Recognition(
        rank=4,
        columns=(USER, _REGISTERED),
        key=USER,
        drafted=("registered_at",),
        alike={"registered_at": _REGISTERED},
    ),
)
