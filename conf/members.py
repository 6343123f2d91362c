"""The form of conf/members/*.yml: the declared scenes, tools and services."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field, field_validator, model_validator

from conf.mapping import Strict
from conf.scopes import RESERVED_CODES


class Member(Strict):
    """A declared scene, tool or service."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{0,62}$", description="as the log writes it")
    name_en: str = Field(min_length=1, description="English name, for the page and for joins")
    name_zh: str = Field(min_length=1, description="Chinese name, for the page and for joins")
    member_class: str = Field(
        alias="class", pattern=r"^[a-z][a-z0-9_]*$", description="class of such members"
    )
    owner: str = Field(min_length=1, description="team that answers for it")
    since: date = Field(description="first day that has a row; events before it count, with a warning")
    until: date | None = Field(
        None, description="last day on which it is a member, in `reports.dim_scope`; no number depends on it"
    )

    @field_validator("code")
    @classmethod
    def _not_reserved(cls, value: str) -> str:
        if value in RESERVED_CODES:
            raise ValueError(f"{value!r} is reserved for rows without a listed member")
        return value


class Members(Strict):
    """The content of one members file: the declared members of a scope type."""

    discover: bool = Field(False, description="codes that are not listed become members")
    members: tuple[Member, ...] = Field((), description="the declared ones")

    @field_validator("members", mode="before")
    @classmethod
    def _none_are_none(cls, value: Any) -> Any:
        return () if value is None else value

    @model_validator(mode="after")
    def _codes_are_unique(self) -> Members:
        codes = [member.code for member in self.members]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(f"code listed twice: {', '.join(twice)}")
        return self
