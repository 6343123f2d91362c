"""The plan of a run: the files to ingest and the days to compute, each with its reason. Needs no Spark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from conf.errors import SourceIncomplete
from conf.settings import Settings
from jobs.arrival.history import _landed_days
from jobs.arrival.horizon import Horizon, horizons, require_landed_kind
from jobs.calendar.dates import DateRange
from jobs.lake.tables import Lake
from jobs.mapping.kinds import inputs_of
from jobs.pipeline.days_to_compute import compute_range
from jobs.pipeline.interrupted_replay import require_present, unfinished_replay
from jobs.sources.files.columns import check_columns
from jobs.sources.files.landing import FileKey, LandedFile, held_back, in_range, landed, pending
from schemas.kinds import REQUIRED
from schemas.ops.tables import INGESTED_FILE


@dataclass(frozen=True)
class PlanStep:
    """One line of `activelake run --plan`."""

    what: str
    date_from: date | None
    date_to: date | None
    reason: str


@dataclass(frozen=True)
class Plan:
    """The files to ingest and the days to compute.

    Attributes:
        files: files to ingest, in landing order.
        horizons: per kind of feed, how far it has arrived once these files are ingested.
        compute: first and last day to compute; None if nothing has changed, or only one source is ingested.
        steps: the same, as lines for the user.
    """

    files: tuple[LandedFile, ...]
    horizons: dict[str, Horizon]
    compute: DateRange | None
    steps: tuple[PlanStep, ...]

    def describe(self) -> list[tuple[str, str, str, str]]:
        """One row per step: what, from, to, why."""
        return [(s.what, _text(s.date_from), _text(s.date_to), s.reason) for s in self.steps]


def _text(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def plan(
    settings: Settings,
    lake: Lake,
    date_from: date | None = None,
    date_to: date | None = None,
    source: str | None = None,
) -> Plan:
    """Make the plan for the arrival days from `date_from` to `date_to`; without dates, for everything that is new.

    Args:
        source: the only mapping whose files are ingested; landed files of other mappings count as ingested.

    Raises:
        SourceIncomplete: activity has not landed up to the end of the range, or an earlier day was not ingested.
        ContractError: an ingested file has changed, or a new file lacks a column that its mapping reads.
    """
    ledger = lake.read_rows(INGESTED_FILE)
    on_disk = landed(settings)
    files_of_source = [file for file in on_disk if source is None or file.source == source]
    unfinished = unfinished_replay(lake, source)
    require_present(unfinished, files_of_source)
    new = pending(files_of_source, ledger, date_from, date_to, unfinished)
    check_columns(settings, new)
    others = (file for file in on_disk if source is not None and file.source != source)
    beside = [file for file in others if in_range(file.landing_date, date_from, date_to)]
    days = _landed_days(ledger, [*new, *beside])
    _no_day_left_out(settings, files_of_source, days, date_from)
    horizon = horizons(settings, days)
    require_landed_kind(horizon)
    steps = [_ingest_step(name, files, unfinished) for name, files in _by_input(new).items()]
    steps += _held_back_steps(settings, ledger, source, date_from, date_to)
    if source is not None:  # the computation follows in another run, once every source was ingested
        return Plan(tuple(new), horizon, None, tuple(steps))
    compute, reason = compute_range(settings, lake, horizon, new, date_from, date_to)
    if compute is not None:
        steps.append(PlanStep("compute", *compute, reason))
        steps.append(
            PlanStep(
                "check and publish", *compute, "what is computed is audited, then replaces the same days"
            )
        )
    return Plan(tuple(new), horizon, compute, tuple(steps))


def _held_back_steps(
    settings: Settings, ledger: pa.Table, source: str | None, date_from: date | None, date_to: date | None
) -> list[PlanStep]:
    """A line per input and reason for which files of the range are left for a later run."""
    ingested = set(zip(ledger["input"].to_pylist(), ledger["file"].to_pylist(), strict=True))
    days: dict[tuple[str, str], list[date]] = defaultdict(list)
    for file, reason in held_back(settings):
        is_chosen = source in (None, file.source) and in_range(file.landing_date, date_from, date_to)
        if is_chosen and file.key not in ingested:
            days[file.input, reason].append(file.landing_date)
    return [
        PlanStep(f"leave {name}", min(of_files), max(of_files), f"{len(of_files)} files: {reason}")
        for (name, reason), of_files in sorted(days.items())
    ]


def _no_day_left_out(
    settings: Settings, on_disk: list[LandedFile], days: dict[str, set[date]], date_from: date | None
) -> None:
    required = inputs_of(settings, REQUIRED)
    if date_from is None:
        return
    skipped = sorted(
        file.landing_date
        for file in on_disk
        if file.input in required
        and file.landing_date < date_from
        and file.landing_date not in days[file.input]
    )
    if skipped:
        raise SourceIncomplete(
            f"{skipped[0]} has landed and was not ingested; run --from {skipped[0]} first, "
            "since every later day builds on it"
        )


def _by_input(files: Iterable[LandedFile]) -> dict[str, list[LandedFile]]:
    grouped: dict[str, list[LandedFile]] = defaultdict(list)
    for file in files:
        grouped[file.input].append(file)
    return dict(sorted(grouped.items()))


def _ingest_step(name: str, files: list[LandedFile], unfinished: Set[FileKey]) -> PlanStep:
    days = [file.landing_date for file in files]
    repeated = sum(file.key in unfinished for file in files)
    reasons = {
        f"{len(files) - repeated} files have landed and were not ingested": len(files) > repeated,
        f"{repeated} files are read again, which a replay did not finish": repeated > 0,
    }
    return PlanStep(
        f"ingest {name}", min(days), max(days), "; ".join(text for text, holds in reasons.items() if holds)
    )
