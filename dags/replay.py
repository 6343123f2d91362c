"""Source days ingested again, and then what depends on them, as one pass.

For a mapping that was wrong, or a rule that refused records which are right: the landed files of the days are read
anew, and what depends on them is recomputed, checked and published. With `quarantine_reason` only days on which records
were refused for it (`quarantine requeue`). Later files of the same kinds are read again too, through the last processed
day, and must still lie where they landed.
"""

from airflow.sdk import Param

from dags.factory.dag import BY, RANGE, REASON, change_params, deployment, page_step, pipeline, step
from schemas.reasons import QUARANTINE_REASONS


def by_choice(requeue: str, replay: str) -> str:
    """A word of the command, as a template."""
    return f"{{{{ {requeue!r} if params.quarantine_reason else {replay!r} }}}}"


def optional_argument(option: str, param: str) -> str:
    """An option whose param may be left out, as a template."""
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
        "replay", by_choice("quarantine", "replay"), by_choice("requeue", ""), *RANGE, optional_argument("--source", "source"),
        optional_argument("--reason", "quarantine_reason"), by_choice("--because", "--reason"), REASON, f"--by={BY}",
        publishes="{{ params.date_to }}",
        doc="Reads the days' landed files anew, recomputes what depends on them, checks and publishes. Exit code 4: a "
        "file of another day has changed or is gone, and nothing was done. Exit code 2: no record was refused so.",
    )  # fmt: skip
    page = page_step()
    replay >> page
