"""Source days ingested again, and then what depends on them, as one pass.

For a mapping that was wrong, or a rule that refused records which are right: the landed files of the days are read
anew, and what depends on them is recomputed, checked and published. Later files of the same kinds are read again too,
through the last processed day, and must still lie where they landed.
"""

from airflow.sdk import Param

from dags.factory.dag import BY, RANGE, REASON, change_params, deployment, page_step, pipeline, step

with pipeline(
    "activelake_replay",
    doc=__doc__,
    schedule=None,
    params=change_params(
        "arrival day",
        source=Param(
            None, enum=[None, *deployment().sources], title="Source", description="One mapping; none for all."
        ),
    ),
):
    replay = step(
        "replay", "replay", *RANGE, "{{ '--source=' ~ params.source if params.source else '' }}",
        "--reason", REASON, f"--by={BY}",
        publishes="{{ params.date_to }}",
        doc="Reads the days' landed files anew, recomputes what depends on them, checks and publishes. Exit code 4: a "
        "file of another day has changed or is gone, and nothing was done.",
    )  # fmt: skip
    page = page_step()
    replay >> page
