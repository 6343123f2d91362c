"""A range of event dates again, as one pass: what would change is shown, approved by a person, then done.

For records that came after their day was closed, and for changed definitions. The result equals that of single
days. Nothing is changed before the approval; a rejected run ends without a change.
"""

from datetime import timedelta

from airflow.providers.standard.operators.hitl import ApprovalOperator

from dags.factory.dag import RANGE, WHY, change_params, page_step, pipeline, step

with pipeline(
    "activelake_backfill",
    doc=__doc__,
    schedule=None,
    params=change_params("event date"),
):
    plan = step(
        "plan", "backfill", *RANGE, *WHY, "--dry-run",
        doc="Lists what would be recomputed and changed; changes nothing.",
    )  # fmt: skip
    approve = ApprovalOperator(
        task_id="approve",
        subject="Backfill {{ params.date_from }} to {{ params.date_to }}?",
        body="Reason: {{ params.reason }}\n\n```\n{{ ti.xcom_pull('plan') }}\n```",
        ignore_downstream_trigger_rules=True,
        response_timeout=timedelta(days=7),
        doc_md="Waits for a person who has read the plan; a rejection ends the run without a change.",
    )
    backfill = step(
        "backfill", "backfill", *RANGE, *WHY, publishes="{{ params.date_to }}",
        doc="Recomputes, checks and publishes the range; changed cells go to `ops.restatement`.",
    )  # fmt: skip
    page = page_step()
    plan >> approve >> backfill >> page
