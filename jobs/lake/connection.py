"""A lake's location with the Spark session that works on it; the session starts when it is first needed."""

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
    """A lake's location with a Spark session or a function that starts one; without either, no method may need Spark."""

    def __init__(
        self,
        root: str,
        spark: SparkSession | Callable[[], SparkSession] | None = None,
        *,
        any_format: bool = False,  # only `Lake` checks the format
    ) -> None:
        super().__init__(root)
        self._spark = spark
        self._starting = RLock()

    @classmethod
    def on_driver(cls, root: str, settings: SparkSettings, *, any_format: bool = False) -> Self:
        """A lake for work on small tables: a Spark session, without executors, starts only where deltalake cannot open it."""

        def start() -> SparkSession:
            from jobs.spark.session import open_session

            return open_session(settings.on_driver())

        return cls(root, start, any_format=any_format)

    @property
    def spark(self) -> SparkSession:
        """The session that reads and writes large tables; it is started once, also when several threads ask for it.

        Raises:
            ActiveLakeError: the lake was opened without one.
        """
        if self._spark is None:
            raise ActiveLakeError(f"{self.root}: this needs Spark, and the lake was opened without a session")
        with self._starting:  # the lanes of the ingestion ask for it from several threads
            if callable(self._spark):
                self._spark = self._spark()
            return self._spark

    def start(self) -> None:
        """Start the session now, because it is certain to be needed."""
        _ = self.spark
