"""Source days ingested again, and then what depends on them, as one pass.

For a mapping that was wrong, or a rule that refused records which are right: the landed files of the days are read
anew, and what depends on them is recomputed, checked and published.
"""

from airflow.sdk import Param

from dags.factory.dag import deployment, page_step, pipeline, step

with pipeline(
    "activelake_replay",
    doc=__doc__,
    schedule=None,
    params={
        "date_from": Param(type="string", format="date", title="First arrival day"),
        "date_to": Param(type="string", format="date", title="Last arrival day"),
        "source": Param(
            None, enum=[None, *deployment().sources], title="Source", description="One mapping; none for all.",
        ),
        "reason": Param(type="string", minLength=3, title="Reason", description="Kept with every restated cell."),
        "by": Param(None, type=["null", "string"], title="Who", description="Default: who triggered the run."),
    },
):  # fmt: skip
    replay = step(
        "replay", "replay", "--from", "{{ params.date_from }}", "--to", "{{ params.date_to }}",
        "{{ '--source=' ~ params.source if params.source else '' }}",
        "--reason", "{{ params.reason }}", "--by={{ params.by or dag_run.triggering_user_name }}",
        publishes="{{ params.date_to }}",
        doc="Reads the days' landed files anew, recomputes what depends on them, checks and publishes.",
    )  # fmt: skip
    page = page_step()
    replay >> page
