"""The factory of DAGs and tasks: owners, tags, docs, limits, retries and deadline are the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

import pendulum
from airflow.configuration import conf as airflow_settings
from airflow.sdk import DAG, Asset, DeadlineAlert, DeadlineReference, Param, SyncCallback

from conf.errors import ConfigError
from conf.settings import Settings, load
from dags.factory.alerts import deadline_missed, task_failed
from dags.factory.assets import published_tables
from dags.factory.operator import Activelake
from schemas.ops.tables import OWNER

DEV = "dev"


@cache
def deployment() -> Settings:
    """The deployment that ACTIVELAKE_CONF, ACTIVELAKE_LAKE and ACTIVELAKE_PROFILE name; read once per process."""
    return load()


@cache
def assets() -> list[Asset]:
    """The published tables of the deployment."""
    return published_tables(deployment().lake)


def pipeline(
    dag_id: str, *, doc: str, schedule: Any, params: Mapping[str, Param], has_deadline: bool = False
) -> DAG:
    """A DAG of the pipeline; one run at a time.

    Args:
        doc: the module's docstring: the title in its first line, then the text.
        has_deadline: an alert goes out when a run is not done in time.

    Raises:
        ConfigError: the deployment is not dev and Airflow's logins are those of SimpleAuthManager.
    """
    _refuse_simple_logins()
    title, _, text = doc.strip().partition("\n")
    minutes = deployment().schedule.deadline_minutes
    alert = DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=timedelta(minutes=minutes),
        callback=SyncCallback(deadline_missed, kwargs={"dag_id": dag_id, "minutes": minutes}),
        name=f"not done after {minutes} minutes",
    )
    return DAG(
        dag_id,
        schedule=schedule,
        start_date=pendulum.datetime(2000, 1, 1, tz=deployment().business_zone),
        catchup=False,
        max_active_runs=1,
        params=dict(params),
        description=title,
        doc_md=f"{title}\n\n{text.strip()}",
        tags=["activelake", dag_id.removeprefix("activelake_")],
        default_args={"owner": OWNER, "on_failure_callback": task_failed},
        deadline=alert if has_deadline else None,
    )


def step(task_id: str, *arguments: str, doc: str, publishes: str | None = None) -> Activelake:
    """A task that runs one command.

    Args:
        arguments: the command and its arguments, as templates.
        doc: what it does and what to do when it fails.
        publishes: the last business day that it publishes, as a template; None where it publishes nothing.
    """
    schedule = deployment().schedule
    return Activelake(
        task_id=task_id,
        arguments=arguments,
        day=publishes,
        outlets=assets() if publishes else [],
        connection=schedule.spark_connection,
        poll_seconds=schedule.poll_seconds,
        landing_timeout_minutes=schedule.landing_timeout_minutes,
        lock_timeout_minutes=schedule.task_timeout_minutes,
        retry_delay_seconds=schedule.retry_delay_seconds,
        execution_timeout=timedelta(minutes=schedule.task_timeout_minutes),
        doc_md=doc,
    )


RANGE = ("--from", "{{ params.date_from }}", "--to", "{{ params.date_to }}")
REASON = "{{ params.reason }}"
BY = "{{ [params.by, dag_run.triggering_user_name] | select | unique(true) | join(', triggered by ') }}"
"""Who asks for a change: a name that was given does not hide the login that gave it."""


def change_params(kind_of_date: str, **others: Param) -> dict[str, Param]:
    """The parameters of a run that changes published days: which, why and who asks for it.

    Args:
        kind_of_date: what the days are, such as `event date`.
        others: further parameters, shown after the days.
    """
    return {
        "date_from": Param(type="string", format="date", title=f"First {kind_of_date}"),
        "date_to": Param(type="string", format="date", title=f"Last {kind_of_date}"),
        **others,
        "reason": Param(type="string", minLength=3, title="Reason", description="Kept in ops.run."),
        "by": Param(
            None, type=["null", "string"], title="Who",
            description="Where it is another than who triggers the run, whose name is kept as well.",
        ),
    }  # fmt: skip


def page_step() -> Activelake:
    """The task that writes the page.

    Raises:
        ConfigError: the lake is no local folder and the settings do not say where the page goes.
    """
    settings = deployment()
    folder = settings.schedule.page_folder
    if folder is None and "://" in settings.lake:
        raise ConfigError(f"schedule.page_folder: needed, since the lake {settings.lake} is no local folder")
    return step(
        "page", "page", "--out", folder or f"{settings.lake}/page",
        doc="Writes the page from the published tables.",
    )  # fmt: skip


def _refuse_simple_logins() -> None:
    """SimpleAuthManager keeps its passwords in a plain file: for a person's own machine only."""
    manager = airflow_settings.get("core", "auth_manager")
    if manager.endswith("SimpleAuthManager") and deployment().profile != DEV:
        raise ConfigError(
            f"[core] auth_manager: {manager}: refused in profile {deployment().profile}; configure another "
            f"auth manager, or set ACTIVELAKE_PROFILE={DEV} on a machine of your own"
        )
