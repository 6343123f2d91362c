"""What is judged in one go: the new records of one feed, or of all feeds of a kind whose feeds overlap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from conf.mapping import Delivery, Feed
from conf.settings import Settings
from jobs.lake.tables import Lake
from jobs.mapping.kinds import grain_of, kind_of
from schemas.kinds.declaration import Grain, Kind


@dataclass(frozen=True)
class Part:
    """What one feed gets in one run.

    Attributes:
        source: `mapping.feed`.
        raw: rows of the input's raw table.
        zone: zone of times without an offset.
        lines_in: records per file.
        duplicate_files: files whose content was ingested under another name.
        history_start: first day that is counted; None where nothing is too early.
        reingested: files that an earlier run began with and did not finish, or that are judged anew.
    """

    source: str
    feed: Feed
    delivery: Delivery
    zone: str
    raw: DataFrame
    lines_in: dict[str, int]
    duplicate_files: frozenset[str]
    history_start: date | None
    reingested: frozenset[str]


@dataclass(frozen=True)
class Batch:
    """Parts of one kind and grain that are judged together: several only where the kind's feeds overlap."""

    lake: Lake
    settings: Settings
    parts: tuple[Part, ...]

    @property
    def kind(self) -> Kind:
        """The kind of the parts."""
        return kind_of(self.parts[0].feed)

    @property
    def grain(self) -> Grain:
        """What one record of the parts is."""
        return grain_of(self.parts[0].feed)

    @property
    def part(self) -> Part:
        """The only part, where feeds do not overlap."""
        (only,) = self.parts
        return only


def accepted_rows(judged: DataFrame, grain: Grain) -> DataFrame:
    """Accepted records under the key of the grain's table."""
    return judged.where("outcome = 'accepted'").withColumn(grain.key, F.col("record_key"))
