"""What a run would do and why: which files are new, which days must be computed again. Needs no Spark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date

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
from jobs.sources.files.landing import FileKey, LandedFile, in_range, landed, pending
from schemas.kinds import REQUIRED
from schemas.ops.tables import INGESTED_FILE


@dataclass(frozen=True)
class Step:
    """One line of `activelake run --plan`."""

    what: str
    date_from: date | None
    date_to: date | None
    why: str


@dataclass(frozen=True)
class Plan:
    """The files to ingest and the days to compute.

    Attributes:
        files: new files, in landing order.
        horizons: per kind of feed, as they will be once the files are ingested.
        compute: first and last day to compute; None where nothing has changed, or one source only is ingested.
        steps: the same in words.
    """

    files: tuple[LandedFile, ...]
    horizons: dict[str, Horizon]
    compute: DateRange | None
    steps: tuple[Step, ...]

    def describe(self) -> list[tuple[str, str, str, str]]:
        """One row per step: what, from, to, why."""
        return [(s.what, _text(s.date_from), _text(s.date_to), s.why) for s in self.steps]


def _text(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def plan(
    settings: Settings,
    lake: Lake,
    date_from: date | None = None,
    date_to: date | None = None,
    source: str | None = None,
) -> Plan:
    """The plan for the arrival days from `date_from` to `date_to`; without dates, for all that is new.

    Args:
        source: the only mapping whose files are ingested; what the others have landed counts as there.

    Raises:
        SourceIncomplete: activity has not landed up to the end of the range, or days before it were not ingested.
        ContractError: a file that was ingested has changed, or a new one lacks a column that its mapping reads.
    """
    ledger = lake.read_rows(INGESTED_FILE)
    on_disk = landed(settings)
    own = [file for file in on_disk if source is None or file.source == source]
    unfinished = unfinished_replay(lake, source)
    require_present(unfinished, own)
    new = pending(own, ledger, date_from, date_to, unfinished)
    check_columns(settings, new)
    others = (file for file in on_disk if source is not None and file.source != source)
    beside = [file for file in others if in_range(file.landing_date, date_from, date_to)]
    days = _landed_days(ledger, [*new, *beside])
    _no_day_left_out(settings, own, days, date_from)
    horizon = horizons(settings, days)
    require_landed_kind(horizon)
    steps = [_ingest_step(name, files, unfinished) for name, files in _by_input(new).items()]
    if source is not None:  # what is computed is a matter of the run that follows when all sources are in
        return Plan(tuple(new), horizon, None, tuple(steps))
    compute, why = compute_range(settings, lake, horizon, new, date_from, date_to)
    if compute is not None:
        steps.append(Step("compute", *compute, why))
        steps.append(
            Step("check and publish", *compute, "what is computed is audited, then replaces the same days")
        )
    return Plan(tuple(new), horizon, compute, tuple(steps))


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


def _ingest_step(name: str, files: list[LandedFile], unfinished: Set[FileKey]) -> Step:
    days = [file.landing_date for file in files]
    repeated = sum(file.key in unfinished for file in files)
    reasons = {
        f"{len(files) - repeated} files have landed and were not ingested": len(files) > repeated,
        f"{repeated} files are read again, which a replay did not finish": repeated > 0,
    }
    return Step(
        f"ingest {name}", min(days), max(days), "; ".join(text for text, holds in reasons.items() if holds)
    )
