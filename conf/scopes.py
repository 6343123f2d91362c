"""What a number is about: everything, or a member of one of these types; and the codes that no member may have."""

from __future__ import annotations

from dataclasses import dataclass

ALL, UNKNOWN, UNASSIGNED = "all", "unknown", "unassigned"
RESERVED_CODES = {
    ALL: ("Everything", "全部"),
    UNKNOWN: ("Code not listed", "未登记"),
    UNASSIGNED: ("No code", "未归属"),
}
"""Code that a scope has without being a member → its English and Chinese name."""


@dataclass(frozen=True)
class ScopeType:
    """One type of members.

    Attributes:
        name: as it stands in the column scope_type.
        members_file: conf/members/<members_file>.yml declares the members.
        title_en: what readers call the members in English.
        title_zh: the same in Chinese.
    """

    name: str
    members_file: str
    title_en: str
    title_zh: str

    @property
    def column(self) -> str:
        """Column of clean.events that holds the member's code."""
        return f"{self.name}_id"


MEMBER_TYPES = (
    ScopeType("scene", "scenes", "Scenes", "场景"),
    ScopeType("tool", "tools", "Tools", "工具"),
    ScopeType("service", "services", "Services", "服务"),
)
"""A new type of members is one entry here, its members file, and a step that gives existing lakes its column."""
SCOPE_TYPES = (ALL, *(scope_type.name for scope_type in MEMBER_TYPES))
CODE_COLUMNS = {scope_type.name: scope_type.column for scope_type in MEMBER_TYPES}
"""Type of members → column of clean.events that holds the code."""
FIXED_SCOPES = (
    (ALL, ALL),
    *((scope_type.name, code) for scope_type in MEMBER_TYPES for code in (UNKNOWN, UNASSIGNED)),
)
"""(scope_type, scope_id) of the scopes that are there without any member."""
