"""Recompute a range of event dates in one pass: show what would change, wait for a person's approval, then do it.

For changed definitions and doubtful days. The days are recomputed from the clean tables, and late events of the range
are admitted: they count from then on. Later days are recomputed too where they build on what has changed. The result is
the same as that of single days. Nothing changes before the approval, and a rejected run changes nothing. For records
that were read wrongly or refused use activelake_replay.
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
