"""Source days ingested again, and then what depends on them, as one pass.

For a mapping that was wrong, or a rule that refused records which are right: the landed files of the days are read
anew, and what depends on them is recomputed, checked and published.
"""

from airflow.sdk import Param

from dags.factory.dag import RANGE, WHY, change_params, deployment, page_step, pipeline, step

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
        "replay", "replay", *RANGE, "{{ '--source=' ~ params.source if params.source else '' }}", *WHY,
        publishes="{{ params.date_to }}",
        doc="Reads the days' landed files anew, recomputes what depends on them, checks and publishes.",
    )  # fmt: skip
    page = page_step()
    replay >> page
