"""Process one business day: wait until it has landed, ingest its sources, compute, check, publish, write the page.

The run's partition key is the business day. A scheduled run starts at the midnight that ends its day in the business
zone, and waits until every required source has landed the day. Running a day twice changes nothing. Any day can be
triggered by partition key, or by the param `date` for a run without one.
"""

from airflow.sdk import CronPartitionTimetable, Param, TaskGroup

from dags.factory.dag import deployment, page_step, pipeline, step

DAY = "{{ dag_run.partition_key or params.date }}"

with pipeline(
    "activelake_daily",
    doc=__doc__,
    schedule=CronPartitionTimetable(
        "0 0 * * *", timezone=deployment().business_zone, run_offset=-1, key_format="%Y-%m-%d"
    ),
    params={
        "date": Param(
            None, type=["null", "string"], format="date", title="Business day",
            description="Only for a run without a partition key.",
        )
    },
    has_deadline=True,
):  # fmt: skip
    landed = step(
        "wait_until_landed", "landed", "--date", DAY,
        doc="Waits, without a worker's slot, until every required source has landed the day. "
        "A timeout means that a source did not deliver: the log names source and day.",
    )  # fmt: skip
    with TaskGroup("ingest", tooltip="One task per source mapping, in parallel") as ingest:
        for source in deployment().sources:
            step(
                source, "ingest", "--source", source, "--to", DAY,
                doc=f"Files of the source `{source}` that have landed up to the day → raw and clean tables. "
                "Exit code 4: an imbalance or a changed file; see `ops.ingest_balance`.",
            )  # fmt: skip
    compute = step(
        "compute", "compute", "--date", DAY,
        doc="Clean tables → facts and staged reports of the days that the arrivals can have changed.",
    )  # fmt: skip
    check = step(
        "check", "check",
        doc="Audits the staged reports. Exit code 5: a gate failed and nothing is published; "
        "see `ops.quality_result`.",
    )  # fmt: skip
    publish = step(
        "publish", "publish", publishes=DAY,
        doc="Replaces the audited days of the published tables and says so in their assets.",
    )  # fmt: skip
    page = page_step()
    landed >> ingest >> compute >> check >> publish >> page
