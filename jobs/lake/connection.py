"""A lake's location and the one Spark session that works on it, which starts when it is first needed."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import TYPE_CHECKING, Self

from conf.errors import ActiveLakeError
from conf.spark import SparkSettings
from jobs.lake.location import Location

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


class LakeConnection(Location):
    """A location, and the session or what starts it; without either, the lake is read and written without Spark."""

    def __init__(
        self,
        root: str,
        spark: SparkSession | Callable[[], SparkSession] | None = None,
        *,
        any_format: bool = False,  # what knows formats reads it
    ) -> None:
        super().__init__(root)
        self._spark = spark
        self._starting = RLock()

    @classmethod
    def on_driver(cls, root: str, settings: SparkSettings, *, any_format: bool = False) -> Self:
        """For work on small tables: Spark starts, without executors, only where nothing else can open the lake."""

        def start() -> SparkSession:
            from jobs.spark.session import open_session

            return open_session(settings.on_driver())

        return cls(root, start, any_format=any_format)

    @property
    def spark(self) -> SparkSession:
        """The session that reads and writes large tables; it starts once, whoever asks for it.

        Raises:
            ActiveLakeError: the lake was opened without one.
        """
        if self._spark is None:
            raise ActiveLakeError(f"{self.root}: this needs Spark, and the lake was opened without a session")
        with self._starting:  # lanes of the ingestion ask for it side by side
            if callable(self._spark):
                self._spark = self._spark()
            return self._spark

    def start(self) -> None:
        """Start the session now, where it is known that it will be needed."""
        _ = self.spark
