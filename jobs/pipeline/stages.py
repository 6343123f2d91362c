"""The stages of one run on one lake: ingest, compute, check, publish."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import pyarrow.compute as pc

from conf.errors import GateFailed
from conf.settings import Settings
from jobs.arrival.history import history_start, processed_horizons
from jobs.arrival.horizon import Horizon, missing_days
from jobs.arrival.report_window import computed_days
from jobs.calendar.dates import OpenDateRange
from jobs.lake.tables import Lake
from jobs.pipeline.days_to_compute import compute_range
from jobs.pipeline.interrupted_replay import unfinished_files
from jobs.pipeline.plan import Plan
from jobs.pipeline.run_log import ChangeReason, new_run_id, recorded
from jobs.sources.files.landing import LandedFile
from schemas.kinds import REQUIRED
from schemas.ops.tables import QUALITY_RESULT

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult


class Progress(Protocol):
    """Receives what a run is doing, to show it to the user."""

    def begin_stage(self, title: str) -> None:
        """A new stage begins."""

    def step(self, text: str) -> None:
        """A step inside the stage begins."""


@dataclass
class Outcome:
    """What a run did.

    Attributes:
        published: (table, rows, Delta version) of every published table.
        warnings: gates that failed without stopping the publication, and missing days of sources.
        messages: other lines for the user, such as why nothing was done.
    """

    published: list[tuple[str, int, int]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


class Run:
    """One run: its settings, lake, progress, id and outcome, and the stages as methods."""

    def __init__(self, settings: Settings, lake: Lake, progress: Progress) -> None:
        self.settings, self.lake, self.progress = settings, lake, progress
        self.run_id = new_run_id()
        self.outcome = Outcome()

    def recorded(
        self, command: str, run_id: str, days: OpenDateRange, change_reason: ChangeReason | None = None
    ) -> AbstractContextManager[None]:
        """Write one row of ops.run when the block ends, whether it succeeds or fails."""
        return recorded(self.lake, self.settings, command, run_id, days, change_reason)

    def ingest(self, planned: Plan) -> None:
        """Ingest the files of the plan into raw and clean tables."""
        if not planned.files:
            self.outcome.messages.append("nothing new has landed")
            return
        landed = [file.landing_date for file in planned.files]
        self.ingest_files(planned.files, planned.horizons, (min(landed), max(landed)), "ingest")

    def ingest_files(
        self, files: tuple[LandedFile, ...], horizon: dict[str, Horizon], days: OpenDateRange, title: str
    ) -> None:
        """Ingest these files into raw and clean tables.

        Args:
            horizon: per kind of feed, as it will be after the ingestion.
            days: landing dates for the row of ops.run.
            title: what the user sees as the stage's title.
        """
        from jobs.pipeline.ingest import ingest_landed_files

        with self.recorded("ingest", self.run_id, days):
            self.progress.begin_stage(title)
            ingest_landed_files(self.lake, self.settings, files, horizon, self.run_id, self.progress.step)

    def finish_replay(self) -> None:
        """Ingest the files that an interrupted replay has left over."""
        files = unfinished_files(self.settings, self.lake)
        if files:
            landed = [file.landing_date for file in files]
            horizon = processed_horizons(self.settings, self.lake)
            title = f"ingest {len(files)} files again, which a replay did not finish"
            self.ingest_files(files, horizon, (min(landed), max(landed)), title)

    def compute(self, days: OpenDateRange) -> bool:
        """Compute facts and stage reports; returns False if nothing can have changed since the last publication.

        Args:
            days: arrival days that the user asked for; other days are computed where data has changed.
        """
        from jobs.check.profile import profile_lake
        from jobs.pipeline.compute import compute_facts, compute_reports
        from jobs.pipeline.late_events import admit_late_events
        from jobs.publish.stage import stage_frames

        self.finish_replay()
        horizon = processed_horizons(self.settings, self.lake)
        asked, reason = compute_range(self.settings, self.lake, horizon, (), *days)
        if asked is None:
            self.outcome.messages.append("nothing to compute: what is published is up to date")
            return False
        self.outcome.warnings += dict.fromkeys(day for kind in horizon.values() for day in missing_days(kind))
        with self.recorded("compute", self.run_id, asked):
            self.progress.begin_stage(f"compute {asked[0]} to {asked[1]}: {reason}")
            admit_late_events(self.lake, self.settings, None, self.run_id)
            computed = computed_days(self.settings, self.lake, horizon, asked)
            shared = compute_facts(self.lake, self.settings, computed.days)
            frames = compute_reports(self.lake, self.settings, computed, shared, self.progress.step)
            self.progress.step("profiles of what was read")
            profile_lake(self.lake, self.settings, asked, self.run_id)
            stage_frames(self.lake, frames, computed, self.run_id)
        return True

    def check(self) -> None:
        """Audit the staged reports and record the results.

        Raises:
            GateFailed: a critical expectation failed.
        """
        from jobs.check.audit import failures
        from jobs.check.gates import judge
        from jobs.publish.stage import staged

        items = staged(self.lake)
        run_id = items[0].run_id
        with self.recorded("check", run_id, (None, None)):
            self.progress.begin_stage("check")
            activity = processed_horizons(self.settings, self.lake)[REQUIRED.name]
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
        """Write the results of the gates as HTML pages; returns a line with their path, if the settings ask for pages."""
        from jobs.check.data_docs import write_data_docs

        folder = self.settings.data_docs_folder
        if folder is None:
            return []
        return [f"the gates of this run as pages: {write_data_docs(folder, run_id, validations)}"]

    def publish(self) -> None:
        """Replace the audited days of the published tables by the staged rows."""
        from jobs.publish.publish import publish
        from jobs.publish.stage import staged, staged_range

        items = staged(self.lake)
        days = staged_range(item.days for item in items)
        assert days is not None
        with self.recorded("publish", items[0].run_id, days):
            self.progress.begin_stage("publish")
            horizon = processed_horizons(self.settings, self.lake)
            windows = computed_days(self.settings, self.lake, horizon, days).windows
            self.outcome.published = publish(self.lake, self.settings, items, windows)
