"""What a run would do and why: which files are new, which days must be computed again. Needs no Spark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from conf.errors import ContractError, SourceIncomplete
from conf.settings import Settings
from jobs.ingest.arrival import horizons, missing_days, require_activity
from jobs.ingest.columns import check_columns
from jobs.ingest.landing import FileKey, LandedFile, in_range, landed, pending
from jobs.lake import Lake
from jobs.mapping.kinds import feeds_of
from jobs.period import Horizon
from jobs.publish.stage import waiting
from jobs.reach import reaches
from jobs.record import started_at
from schemas.ops.tables import INGEST_BALANCE, INGESTED_FILE, LATE_ENTRY, PUBLICATION, REINGEST, RUN
from schemas.reports.activity import ACTIVITY_DAILY
from schemas.reports.dimensions import FRESHNESS

Days = tuple[date, date]


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
    compute: Days | None
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
    require_activity(horizon)
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


def unfinished_replay(lake: Lake, source: str | None = None) -> frozenset[FileKey]:
    """Files that a replay was to read again and did not; those of one mapping where `source` is given."""
    rows = lake.read_rows(REINGEST).to_pylist()
    return frozenset(
        (row["input"], row["file"]) for row in rows if source in (None, row["input"].split(".", 1)[0])
    )


def require_present(unfinished: Set[FileKey], files: Iterable[LandedFile]) -> None:
    """Every file that is to be read again still lies where it landed.

    Raises:
        ContractError: names a file that is gone.
    """
    gone = sorted(unfinished - {file.key for file in files})
    if gone:
        raise ContractError(
            f"{gone[0][0]}: {gone[0][1]}: was ingested and is no longer there ({len(gone)} such files); "
            "it has to be read again, so put it back first"
        )


def unfinished_files(settings: Settings, lake: Lake) -> tuple[LandedFile, ...]:
    """The files that a replay was to read again and did not, in landing order.

    Raises:
        ContractError: one of them is gone.
    """
    unfinished = unfinished_replay(lake)
    if not unfinished:
        return ()
    on_disk = landed(settings)
    require_present(unfinished, on_disk)
    chosen = [file for file in on_disk if file.key in unfinished]
    return tuple(pending(chosen, lake.read_rows(INGESTED_FILE), None, None, unfinished))


def require_no_unfinished_replay(lake: Lake) -> None:
    """No replay has stopped half way, so that the clean tables are those of the ledger.

    Raises:
        SourceIncomplete: says how many files are left, and what reads them.
    """
    unfinished = unfinished_replay(lake)
    if unfinished:
        raise SourceIncomplete(
            f"a replay has {len(unfinished)} files left to read again; `activelake run`, or the same replay, finishes it"
        )


def history_start(settings: Settings, lake: Lake, activity: Horizon) -> date:
    """First day of the spine: the setting, else the first arrival day, or the first event date of a whole history."""
    if settings.history_start is not None:
        return settings.history_start
    if not activity.is_whole:
        return activity.first_arrival
    balance = lake.read_rows(INGEST_BALANCE)
    feeds = sorted(feeds_of(settings, "activity"))
    accepted = pc.and_(
        pc.is_in(balance["source"], value_set=pa.array(feeds, pa.string())),
        pc.equal(balance["outcome"], "accepted"),
    )
    first: date | None = pc.min(balance.filter(accepted)["arrival_date"]).as_py()
    return first or activity.last_arrival


def processed_horizons(settings: Settings, lake: Lake) -> dict[str, Horizon]:
    """Horizons of what has been ingested.

    Raises:
        SourceIncomplete: no activity has been ingested.
    """
    horizon = horizons(settings, _landed_days(lake.read_rows(INGESTED_FILE), ()))
    require_activity(horizon)
    return horizon


def _landed_days(ledger: pa.Table, new: Iterable[LandedFile]) -> dict[str, set[date]]:
    days: dict[str, set[date]] = defaultdict(set)
    for row in ledger.select(["input", "landing_date"]).to_pylist():
        days[row["input"]].add(row["landing_date"])
    for file in new:
        days[file.input].add(file.landing_date)
    return days


def _no_day_left_out(
    settings: Settings, on_disk: list[LandedFile], days: dict[str, set[date]], date_from: date | None
) -> None:
    required = {
        f"{source}.{feed.input}"
        for source, mapping in settings.sources.items()
        for feed in mapping.feeds.values()
        if feed.kind == "activity"
    }
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


def compute_range(
    settings: Settings,
    lake: Lake,
    horizon: dict[str, Horizon],
    new: Iterable[LandedFile],
    date_from: date | None,
    date_to: date | None,
) -> tuple[Days | None, str]:
    """First and last day to compute, and why; None where nothing that is published can have changed.

    Raises:
        SourceIncomplete: activity is not complete up to the last day that was asked for; names what is missing.
    """
    activity = horizon["activity"]
    _require_arrived(activity, date_to or date_from)
    start = history_start(settings, lake, activity)
    late = timedelta(days=settings.allowed_lateness_days)
    runs = lake.read_rows(RUN).to_pylist()
    backfills = {row["run_id"] for row in runs if row["command"] == "backfill"}
    published = [row for row in lake.read_rows(PUBLICATION).to_pylist() if row["run_id"] not in backfills]
    if not published:
        return (start, activity.last_arrival), "nothing is published yet"
    newest = max(published, key=lambda row: row["published_at"])
    if newest["config_hash"] != settings.hash:
        return (
            start,
            activity.last_arrival,
        ), "settings, members or mappings have changed since the last publication"
    arrivals = [file.landing_date for file in new] + unpublished_arrivals(lake)
    parts = owed(settings, lake, horizon, start, arrivals)
    if date_from is not None:
        last_asked = min(date_to or date_from, activity.last_arrival)
        asked = min(max(start, date_from - late), last_asked), last_asked
        if not any(first <= asked[0] and asked[1] <= last for (first, last), _ in parts):
            parts.append((asked, "asked for by date"))
    return joined(parts) if parts else (None, "")


def _require_arrived(activity: Horizon, asked: date | None) -> None:
    if asked is not None and activity.is_daily and asked > activity.last_arrival:
        lines = [f"activity has arrived up to {activity.last_arrival}, and not to {asked}"]
        raise SourceIncomplete("\n".join(lines + missing_days(activity)))


def owed(
    settings: Settings, lake: Lake, horizon: dict[str, Horizon], start: date, arrivals: list[date]
) -> list[tuple[Days, str]]:
    """Days that are computed whatever else is asked for, each range with its reason.

    Args:
        start: first day of the spine.
        arrivals: arrival days of which nothing is published yet.
    """
    activity, lateness = horizon["activity"], settings.allowed_lateness_days
    firsts: list[tuple[date, str]] = []
    if arrivals:
        earliest = min([min(arrivals) - timedelta(days=lateness), *_entered_from(lake, min(arrivals))])
        why = f"records arrived from {min(arrivals)} on; they may change the {lateness} days before"
        firsts.append((start if activity.is_whole else max(start, earliest), why))
    closing = _closing_from(settings, lake, horizon, start)
    if closing is not None and all(closing < first for first, _ in firsts):
        firsts.append((max(start, closing), f"what is known from {closing} on is final now"))
    last = activity.last_arrival
    parts = [((first, last), why) for first, why in firsts if first <= last]
    # The facts below what is staged may have changed already.
    return parts + [
        ((row["date_from"], row["date_to"]), "a run staged them and did not publish them")
        for row in waiting(lake)
        if row["table_name"] == ACTIVITY_DAILY.name
    ]


def _entered_from(lake: Lake, arrival: date) -> list[date]:
    """First event date of late events that have entered and are judged again with the files from an arrival day on."""
    entered = lake.read_rows(LATE_ENTRY)
    again = entered.filter(pc.greater_equal(entered["landing_date"], pa.scalar(arrival, pa.date32())))
    return [pc.min(again["event_date"]).as_py()] if again.num_rows else []


def _closing_from(settings: Settings, lake: Lake, horizon: dict[str, Horizon], start: date) -> date | None:
    """First day that a report now closes and that was published as open, such as when a source has caught up."""
    published = {row["table_name"]: row["closed_through"] for row in lake.read_rows(FRESHNESS).to_pylist()}
    moved = [
        published[name]
        for name, reach in reaches(settings, horizon, start).items()
        if published.get(name) is not None and published[name] < reach.closed_through
    ]
    return min(moved) + timedelta(days=1) if moved else None


def joined(parts: list[tuple[Days, str]]) -> tuple[Days, str]:
    """The one range that holds all of them, and every reason."""
    days = min(days[0] for days, _ in parts), max(days[1] for days, _ in parts)
    return days, "; ".join(why for _, why in parts)


def unpublished_arrivals(lake: Lake) -> list[date]:
    """Arrival days that were ingested after the start of the last computation that got published: the first of each run.

    A run that was killed may have left its files in the ledger and no row in ops.run.
    """
    done = [row for row in lake.read_rows(RUN).to_pylist() if row["exit_code"] == 0]
    published = {row["run_id"] for row in done if row["command"] == "publish"}
    computed = [
        row["started_at"] for row in done if row["command"] == "compute" and row["run_id"] in published
    ]
    since = max(computed, default=None)
    ingests = [row for row in done if row["command"] == "ingest"]
    arrivals = [
        row["date_from"]
        for row in ingests
        if row["date_from"] and (since is None or row["finished_at"] > since)
    ]
    if since is None:
        return arrivals
    recorded = {row["run_id"] for row in ingests}
    ledger = lake.read_rows(INGESTED_FILE).select(["run_id", "landing_date"]).to_pylist()
    return arrivals + [
        file["landing_date"]
        for file in ledger
        if file["run_id"] not in recorded and started_at(file["run_id"]) > since
    ]
