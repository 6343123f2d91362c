"""The pipeline: ingest → compute → check → publish, in one process and one Spark session, or a stage at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol

import pyarrow.compute as pc

from conf.errors import GateFailed, must_be_one_of
from conf.settings import Settings
from jobs.ingest.arrival import missing_days
from jobs.ingest.landing import LandedFile
from jobs.lake import Lake
from jobs.lake_counts import stored_bytes
from jobs.lock import guard, hold
from jobs.mapping.check import check_settings
from jobs.notify.watch import Watch, watched
from jobs.period import Horizon
from jobs.plan import (
    Plan,
    compute_range,
    history_start,
    plan,
    processed_horizons,
    unfinished_files,
)
from jobs.record import Why, new_run_id, recorded
from schemas.clean.activity import EVENTS
from schemas.ops.tables import QUALITY_RESULT

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult
    from pyspark.sql import SparkSession

STAGES = ("ingest", "compute", "check", "publish")
Days = tuple[date | None, date | None]


class Progress(Protocol):
    """Where a run tells what it is doing."""

    def stage(self, title: str) -> None:
        """A new stage begins."""

    def step(self, text: str) -> None:
        """Something inside the stage begins."""


@dataclass
class Outcome:
    """What a run did.

    Attributes:
        published: (table, rows, Delta version) of every published table.
        warnings: gates that failed without stopping the publication, and what the data's user should know.
    """

    published: list[tuple[str, int, int]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


class Run:
    """One run: its lake, its identity and the stages."""

    def __init__(self, settings: Settings, lake: Lake, progress: Progress) -> None:
        self.settings, self.lake, self.progress = settings, lake, progress
        self.run_id = new_run_id()
        self.outcome = Outcome()

    def recorded(
        self, command: str, run_id: str, days: Days, why: Why | None = None
    ) -> AbstractContextManager[None]:
        """One row of ops.run, whatever happens."""
        return recorded(self.lake, self.settings, command, run_id, days, why)

    def ingest(self, planned: Plan) -> None:
        """Bring the plan's files into raw and clean."""
        if not planned.files:
            self.outcome.messages.append("nothing new has landed")
            return
        landed = [file.landing_date for file in planned.files]
        self.take_in(planned.files, planned.horizons, (min(landed), max(landed)), "ingest")

    def take_in(
        self, files: tuple[LandedFile, ...], horizon: dict[str, Horizon], days: Days, title: str
    ) -> None:
        """The ingest stage on these files."""
        from jobs.intake import intake

        with self.recorded("ingest", self.run_id, days):
            self.progress.stage(title)
            intake(self.lake, self.settings, files, horizon, self.run_id, self.progress.step)

    def finish_replay(self) -> None:
        """Read the files again that a replay was to read again and did not, since it died."""
        files = unfinished_files(self.settings, self.lake)
        if files:
            landed = [file.landing_date for file in files]
            horizon = processed_horizons(self.settings, self.lake)
            title = f"ingest {len(files)} files again, which a replay did not finish"
            self.take_in(files, horizon, (min(landed), max(landed)), title)

    def compute(self, days: Days) -> bool:
        """Facts and staged reports; False where nothing can have changed."""
        from jobs.check.profile import profile_lake
        from jobs.compute import compute_facts, compute_reports, contexts
        from jobs.late_entry import bring_in
        from jobs.publish.stage import stage

        self.finish_replay()
        horizon = processed_horizons(self.settings, self.lake)
        computed, why = compute_range(self.settings, self.lake, horizon, (), *days)
        if computed is None:
            self.outcome.messages.append("nothing to compute: what is published is up to date")
            return False
        self.outcome.warnings += dict.fromkeys(day for kind in horizon.values() for day in missing_days(kind))
        with self.recorded("compute", self.run_id, computed):
            self.progress.stage(f"compute {computed[0]} to {computed[1]}: {why}")
            bring_in(self.lake, self.settings, None, self.run_id)
            context_of = contexts(self.settings, self.lake, horizon, computed)
            by_type = compute_facts(self.lake, self.settings, context_of["reports.activity_daily"])
            frames = compute_reports(self.lake, self.settings, by_type, context_of, self.progress.step)
            self.progress.step("profiles of what was read")
            profile_lake(self.lake, computed, self.run_id)
            stage(self.lake, frames, horizon, context_of, self.run_id)
        return True

    def check(self) -> None:
        """Audit what is staged.

        Raises:
            GateFailed: a critical expectation failed.
        """
        from jobs.check.audit import failures
        from jobs.check.gates import judge
        from jobs.publish.stage import staged

        items = staged(self.lake)
        run_id = items[0].run_id
        with self.recorded("check", run_id, (None, None)):
            self.progress.stage("check")
            activity = processed_horizons(self.settings, self.lake)["activity"]
            start = history_start(self.settings, self.lake, activity)
            audit = judge(self.lake, self.settings, items, start, activity.last_arrival)
            kept = self.lake.read_rows(QUALITY_RESULT)
            earlier = kept.filter(pc.not_equal(kept["run_id"], run_id)).to_pylist()
            results = [row | {"run_id": run_id} for row in audit.results]
            self.lake.replace_rows(QUALITY_RESULT, earlier + results, None)
            pages = self._data_docs(run_id, audit.validations)
            self.outcome.warnings += audit.warnings
            broken = failures(audit.results, "critical")
            if broken:
                raise GateFailed("\n".join(["nothing was published; these gates failed:", *broken, *pages]))
            self.outcome.messages += pages

    def _data_docs(self, run_id: str, validations: list[ExpectationSuiteValidationResult]) -> list[str]:
        """Write the gates of a run as pages, and say where they are."""
        from jobs.check.data_docs import write_data_docs

        folder = self.settings.data_docs_folder
        if folder is None:
            return []
        return [f"the gates of this run as pages: {write_data_docs(folder, run_id, validations)}"]

    def publish(self) -> None:
        """Replace the audited days."""
        from jobs.compute import contexts
        from jobs.publish.publish import publish
        from jobs.publish.stage import staged

        items = staged(self.lake)
        days = next(item.days for item in items if item.table.name == "reports.activity_daily")
        assert days is not None
        with self.recorded("publish", items[0].run_id, days):
            self.progress.stage("publish")
            horizon = processed_horizons(self.settings, self.lake)
            context_of = contexts(self.settings, self.lake, horizon, days)
            self.outcome.published = publish(self.lake, self.settings, items, context_of)


def run(
    settings: Settings,
    stages: Sequence[str],
    date_from: date | None,
    date_to: date | None,
    progress: Progress,
    source: str | None = None,
) -> Outcome:
    """Run stages of the pipeline for the arrival days, or for all that is new.

    Args:
        source: ingest this mapping's files only, beside other processes that ingest other ones.

    Raises:
        ActiveLakeError: with the exit code of what stopped the run.
    """
    with watched(settings.hook, stages, progress.step) as watch:
        check_settings(settings)
        require_source(settings, source)
        planned: Plan | None = None

        def landed_bytes() -> int:
            return sum(file.bytes for file in planned.files) if planned else 0

        needs_executors = not set(stages).isdisjoint(("ingest", "compute"))
        spark = _session(settings, progress, stages, landed_bytes)
        lake = Lake(settings.lake, spark) if needs_executors else Lake.of(settings)
        with _held(lake, source, progress):
            planned = plan(settings, lake, date_from, date_to, source) if "ingest" in stages else None
            current = _begun(watch, settings, lake, progress)
            if needs_executors and (
                planned is None or planned.files or ("compute" in stages and planned.compute)
            ):
                lake.start()
            return _stages(current, stages, planned, (date_from, date_to))


@contextmanager
def change(settings: Settings, command: str, progress: Progress) -> Iterator[Run]:
    """A run that changes published days, with the lake for itself; Spark starts when it is first needed."""
    with watched(settings.hook, STAGES, progress.step, command) as watch:
        check_settings(settings)
        lake = Lake(settings.lake, _session(settings, progress, STAGES, lambda: 0))
        with hold(lake):
            yield _begun(watch, settings, lake, progress)


def _session(
    settings: Settings, progress: Progress, stages: Sequence[str], landed_bytes: Callable[[], int]
) -> Callable[[], SparkSession]:
    """What starts Spark when it is first needed; only then it is known how much there is to read."""

    def import_gates() -> None:
        """Great Expectations takes as long to import as Spark to start."""
        if "check" in stages:
            import jobs.check.gates  # noqa: F401

    def start() -> SparkSession:
        from jobs.session import open_session

        stored = stored_bytes(Lake(settings.lake, any_format=True), EVENTS)
        progress.stage("start Spark")
        return open_session(settings.spark, landed_bytes() + stored, import_gates)

    return start


def _begun(watch: Watch, settings: Settings, lake: Lake, progress: Progress) -> Run:
    """A new run, of which the watch knows."""
    current = Run(settings, lake, progress)
    watch.lake, watch.run_id = lake, current.run_id
    return current


@contextmanager
def _held(lake: Lake, source: str | None, progress: Progress) -> Iterator[None]:
    """The lake for this run alone; for the ingestion of one source the source alone, and the lake with others."""
    with hold(lake, shared=source is not None, tell=progress.stage), ExitStack() as own:
        if source is not None:
            own.enter_context(guard(lake.root, f"source_{source}", progress.stage))
        yield


def require_source(settings: Settings, source: str | None) -> None:
    """Refuse a mapping that there is none of; None is for all.

    Raises:
        ConfigError: there is none of that name.
    """
    if source is not None:
        must_be_one_of(sorted(settings.sources), "--source", source)


def _stages(current: Run, stages: Sequence[str], planned: Plan | None, days: Days) -> Outcome:
    if planned is not None:
        current.ingest(planned)
    if "compute" in stages and not current.compute(days):
        return current.outcome
    if "check" in stages:
        current.check()
    if "publish" in stages:
        current.publish()
    return current.outcome
