"""Where Spark runs, how much memory it gets, and what no deployment may set."""

from __future__ import annotations

import re

from pydantic import Field, field_serializer, field_validator

from conf.mapping import Strict

LOCAL = r"local(\[.*\])?"
"""Pattern of a master that has no executors beside the driver."""
_SECRET = re.compile("secret|password|token|credential|access.?key", re.I)
REFUSED = {
    "spark.sql.files.ignorecorruptfiles": "it loses records without an error",
    "spark.sql.files.ignoremissingfiles": "it loses records without an error",
    "spark.sql.ansi.enabled": "an overflow would be a wrong number without an error",
    "spark.sql.session.timezone": "the session runs in UTC; business_zone says where days begin",
    "spark.sql.legacy.timeparserpolicy": "it changes what a time pattern means",
}
"""Spark settings that no deployment may have, in small letters, and why."""


class SparkSettings(Strict):
    """Where Spark runs and how much memory it gets."""

    master: str = Field("local[*]", description="where Spark runs: local[*], spark://host:7077 or yarn")
    driver_memory: str = Field("4g", description="memory of the driver")
    shuffle_partitions: int = Field(4, ge=1, description="tasks of a shuffle")
    extra: dict[str, str] = Field(default_factory=dict, description="any other Spark setting, by its name")

    @field_validator("extra")
    @classmethod
    def _harms_no_record(cls, value: dict[str, str]) -> dict[str, str]:
        for name in value:
            if name.lower() in REFUSED:
                raise ValueError(f"{name}: refused, {REFUSED[name.lower()]}")
        return value

    @property
    def is_local(self) -> bool:
        """True where Spark has no executors beside the driver."""
        return re.fullmatch(LOCAL, self.master) is not None

    def on_driver(self) -> SparkSettings:
        """The same without a cluster: for work on small tables, which would wait longer for executors than it lasts."""
        return self if self.is_local else self.model_copy(update={"master": "local[*]"})

    @field_serializer("extra")
    def _without_secrets(self, extra: dict[str, str]) -> dict[str, str]:
        return {name: "**********" if _SECRET.search(name) else value for name, value in extra.items()}
