"""Runs of the pipeline: ingest → compute → check → publish, all in one process, or one stage at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from typing import TYPE_CHECKING

from conf.errors import must_be_one_of
from conf.settings import Settings
from jobs.calendar.dates import OpenDateRange
from jobs.lake.counts import stored_bytes
from jobs.lake.lock import guard, hold
from jobs.lake.tables import Lake
from jobs.mapping.check import check_settings
from jobs.notify.watch import Watch, watched
from jobs.pipeline.plan import Plan, plan
from jobs.pipeline.stages import Outcome, Progress, Run
from schemas.clean.activity import EVENTS

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

STAGES = ("ingest", "compute", "check", "publish")


def run(
    settings: Settings,
    stages: Sequence[str],
    date_from: date | None,
    date_to: date | None,
    progress: Progress,
    source: str | None = None,
) -> Outcome:
    """Run stages of the pipeline for a range of arrival days; without a range, for everything that is new.

    Args:
        source: ingest only the files of this mapping; other processes may ingest other mappings at the same time.

    Raises:
        ActiveLakeError: the run was stopped; its class has the exit code of the reason.
    """
    with watched(settings.hook, stages, progress.step) as watch:
        check_settings(settings)
        require_source(settings, source)
        planned: Plan | None = None

        def landed_bytes() -> int:
            return sum(file.bytes for file in planned.files) if planned else 0

        needs_executors = not set(stages).isdisjoint(("ingest", "compute"))
        spark = _session(settings, progress, stages, landed_bytes)
        lake = (
            Lake(settings.lake, spark) if needs_executors else Lake.on_driver(settings.lake, settings.spark)
        )
        with _locked(lake, source, progress):
            planned = plan(settings, lake, date_from, date_to, source) if "ingest" in stages else None
            current = _new_run(watch, settings, lake, progress)
            if needs_executors and (
                planned is None or planned.files or ("compute" in stages and planned.compute)
            ):
                lake.start()
            return _run_stages(current, stages, planned, (date_from, date_to))


@contextmanager
def exclusive_run(settings: Settings, command: str, progress: Progress) -> Iterator[Run]:
    """A run for a command that changes published days; it locks the whole lake, and starts Spark when first needed."""
    with watched(settings.hook, STAGES, progress.step, command) as watch:
        check_settings(settings)
        lake = Lake(settings.lake, _session(settings, progress, STAGES, lambda: 0))
        with hold(lake):
            yield _new_run(watch, settings, lake, progress)


def _session(
    settings: Settings, progress: Progress, stages: Sequence[str], landed_bytes: Callable[[], int]
) -> Callable[[], SparkSession]:
    """The function that starts Spark; called late, when it is known how many bytes the session will read."""

    def import_gates() -> None:
        """Import Great Expectations, which takes as long as Spark's start and so is done beside it."""
        if "check" in stages:
            import jobs.check.gates  # noqa: F401

    def start() -> SparkSession:
        from jobs.spark.session import open_session

        stored = stored_bytes(Lake(settings.lake, any_format=True), EVENTS)
        progress.begin_stage("start Spark")
        return open_session(settings.spark, landed_bytes() + stored, import_gates)

    return start


def _new_run(watch: Watch, settings: Settings, lake: Lake, progress: Progress) -> Run:
    """Begin a run, and make its lake and id known to the watch."""
    current = Run(settings, lake, progress)
    watch.lake, watch.run_id = lake, current.run_id
    return current


@contextmanager
def _locked(lake: Lake, source: str | None, progress: Progress) -> Iterator[None]:
    """Lock the lake for this run; the ingestion of one source locks that source, and shares the lake's lock."""
    with (
        hold(lake, shared=source is not None, report_progress=progress.begin_stage),
        ExitStack() as source_lock,
    ):
        if source is not None:
            source_lock.enter_context(guard(lake.root, f"source_{source}", progress.begin_stage))
        yield


def require_source(settings: Settings, source: str | None) -> None:
    """Refuse the name of a mapping that does not exist; None, which stands for all, is accepted.

    Raises:
        ConfigError: there is no mapping of that name.
    """
    if source is not None:
        must_be_one_of(sorted(settings.sources), "--source", source)


def _run_stages(current: Run, stages: Sequence[str], planned: Plan | None, days: OpenDateRange) -> Outcome:
    if planned is not None:
        current.ingest(planned)
    if "compute" in stages and not current.compute(days):
        return current.outcome
    if "check" in stages:
        current.check()
    if "publish" in stages:
        current.publish()
    return current.outcome
