"""A range of event dates again, as one pass: what would change is shown, approved by a person, then done.

From the clean tables, for definitions that have changed and days that are in doubt, and with the events of the range
that came too late, which count from then on; later days follow where they build on what has changed. The result equals that of single days. Nothing is changed before the approval; a rejected
run ends without a change. Records that were read wrongly, or refused, are a matter of activelake_replay.
"""

from datetime import timedelta

from airflow.providers.standard.operators.hitl import ApprovalOperator

from dags.factory.dag import BY, RANGE, REASON, change_params, page_step, pipeline, step

APPROVER = "{{ ti.xcom_pull('approve').responded_by_user.name }}"

with pipeline(
    "activelake_backfill",
    doc=__doc__,
    schedule=None,
    params=change_params("event date"),
):
    plan = step(
        "plan", "backfill", *RANGE, "--reason", REASON, f"--by={BY}", "--dry-run",
        doc="Lists per table the days, and the rows that would be added, removed and changed; changes nothing.",
    )  # fmt: skip
    approve = ApprovalOperator(
        task_id="approve",
        subject="Backfill {{ params.date_from }} to {{ params.date_to }}?",
        body=f"Reason: {REASON}\n\nWho: {BY}\n\n```\n{{{{ ti.xcom_pull('plan') }}}}\n```",
        ignore_downstream_trigger_rules=True,
        response_timeout=timedelta(days=7),
        doc_md="Waits for a person who has read the plan; a rejection ends the run without a change.",
    )
    backfill = step(
        "backfill", "backfill", *RANGE, "--reason", REASON, f"--by={BY}, approved by {APPROVER}",
        publishes="{{ params.date_to }}",
        doc="Recomputes, checks and publishes the range; reason, who asked and who approved are kept in `ops.run`.",
    )  # fmt: skip
    page = page_step()
    plan >> approve >> backfill >> page
