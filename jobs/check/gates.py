"""The check stage: every gate that stands between what was computed and what is published. Needs no JVM."""

from __future__ import annotations

from datetime import date

from conf.settings import Settings
from jobs.check.audit import Audit, Subject, audit, failures
from jobs.check.coverage import gaps, profile_gaps
from jobs.check.evidence import Evidence, collect_evidence, expected_rows
from jobs.check.identities import identity_frames
from jobs.check.member_warnings import member_warnings
from jobs.check.profile import wide
from jobs.lake.tables import Lake
from jobs.publish.stage import Staged, staged_range
from schemas.catalog import CLEAN, FACTS
from schemas.clean.activity import EVENTS
from schemas.facts.user_scope_day import USER_SCOPE_DAY
from schemas.ops.tables import PROFILE


def judge(lake: Lake, settings: Settings, staged: list[Staged], start: date, last: date) -> Audit:
    """Audit what is staged: the frames themselves, the profiles of what they were made from, and the identities.

    Args:
        start: first day of the spine.
        last: last day of the spine.
    """
    evidence = collect_evidence(lake, settings, staged, start)
    share = settings.quality.min_non_null_share
    frames = {item.table.name: item.rows.to_pandas() for item in staged}
    subjects = [
        Subject(
            item.table.name,
            item.table.name,
            frames[item.table.name],
            gaps(
                item.table,
                frames[item.table.name],
                expected_rows(item.table, item.days, evidence, (start, last), share),
            ),
            item.digest,
        )
        for item in staged
    ]
    subjects += _profiled(lake, evidence)
    subjects += [
        Subject(f"identity.{name}", "reports", frame)
        for name, frame in identity_frames(frames, evidence).items()
    ]
    audited = audit(subjects)
    audited.warnings = failures(audited.results, "warning")
    days = staged_range(item.days for item in staged)
    if days is not None:
        audited.warnings += member_warnings(lake, frames, days)
    return audited


def _profiled(lake: Lake, evidence: Evidence) -> list[Subject]:
    """The profile of every clean and fact table; the days' facts of users may be empty only where nothing was accepted."""
    # facts.scope_day is about exposures, anonymous and excluded events: a log may have none of them.
    must_have_rows = {EVENTS.name, USER_SCOPE_DAY.name} if evidence.accepted_on_days else set()
    nothing = lake.read_rows(PROFILE).slice(0, 0).to_pandas()
    subjects = []
    for table in (*CLEAN, *FACTS):
        if table.name not in evidence.profiles and not lake.exists(table):
            continue
        rows = evidence.profiles.get(table.name, nothing)
        faults = profile_gaps(table, rows, table.name in must_have_rows)
        subjects.append(Subject(table.name, table.name, wide(rows), faults))
    return subjects
