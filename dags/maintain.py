"""Once a week, apply retention periods, empty old staging, compact and vacuum files; no published number changes."""

from airflow.sdk import CronTriggerTimetable

from dags.factory.dag import deployment, pipeline, step

with pipeline(
    "activelake_maintain",
    doc=__doc__,
    schedule=CronTriggerTimetable("0 12 * * 0", timezone=deployment().business_zone),
    params={},
    has_deadline=True,
):
    step(
        "maintain", "maintain",
        doc="Compacts small files, removes files that no reader needs, writes checkpoints, drops old staging.",
    )  # fmt: skip
