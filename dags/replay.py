"""Ingest the landed files of past arrival days once more, then recompute what depends on them, in one pass.

For a wrong mapping, or a rule that refused correct records. What depends on the files is recomputed, checked and
published. With `quarantine_reason` only days are replayed on which records were refused for that reason
(`quarantine requeue`). Later files of the same kinds of feeds, through the last processed day, are ingested once more
too, and must still be where they landed.
"""

from airflow.sdk import Param

from dags.factory.dag import BY, RANGE, REASON, change_params, deployment, page_step, pipeline, step
from schemas.reasons import QUARANTINE_REASONS


def by_choice(requeue: str, replay: str) -> str:
    """A template of one of two words, depending on whether the run replays days of a quarantine reason."""
    return f"{{{{ {requeue!r} if params.quarantine_reason else {replay!r} }}}}"


def optional_argument(option: str, param: str) -> str:
    """A template of an option with the value of a param; it is empty if the run does not set the param."""
    return f"{{{{ '{option}=' ~ params.{param} if params.{param} else '' }}}}"


with pipeline(
    "activelake_replay",
    doc=__doc__,
    schedule=None,
    params=change_params(
        "arrival day",
        source=Param(
            None, enum=[None, *deployment().sources], title="Source", description="One mapping; none for all."
        ),
        quarantine_reason=Param(
            None, enum=[None, *QUARANTINE_REASONS], title="Refused for",
            description="Only days with records that were refused for this reason; none for every day.",
        ),
    ),
):  # fmt: skip
    replay = step(
        "replay", by_choice("quarantine", "replay"), by_choice("requeue", ""), *RANGE,
        optional_argument("--source", "source"), optional_argument("--reason", "quarantine_reason"),
        by_choice("--because", "--reason"), REASON, f"--by={BY}",
        publishes="{{ params.date_to }}",
        doc="Reads the days' landed files anew, recomputes what depends on them, checks and publishes. Exit code 4: a "
        "file of another day has changed or is gone, and nothing was done. Exit code 2: no record was refused so.",
    )  # fmt: skip
    page = page_step()
    replay >> page
