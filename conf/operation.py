"""Settings of operation, which no number depends on: who is told, how long things are kept, how runs are scheduled."""

from __future__ import annotations

from pydantic import Field, SecretStr, model_validator

from conf.mapping import Strict

IS_AWAITED = "ACTIVELAKE_IS_AWAITED"
"""Environment variable of a scheduler that asks again until a source is complete, and says itself when it gives up."""


class HookSettings(Strict):
    """Who is told of a failure, of late data and of failed gates; nobody where neither is given."""

    command: tuple[str, ...] = Field((), description="program and arguments; reads the JSON from its input")
    webhook: SecretStr | None = Field(
        None, description="URL that gets the JSON by POST; ${VARIABLE} is filled in"
    )
    timeout_seconds: int = Field(5, ge=1, le=60, description="how long it may take before the run goes on")

    @model_validator(mode="after")
    def _at_most_one(self) -> HookSettings:
        if self.command and self.webhook is not None:
            raise ValueError("give command or webhook, not both")
        return self


class RetentionSettings(Strict):
    """How long things are kept, in days; null keeps them for ever."""

    raw_days: int | None = Field(None, ge=1, description="raw records, before the last arrival day")
    quarantine_days: int | None = Field(None, ge=1, description="refused and late records, before that day")
    ops_days: int | None = Field(None, ge=1, description="runs, quality results, publications, alerts")
    data_docs_days: int | None = Field(None, ge=1, description="pages of quality results")
    vacuum_days: int = Field(7, ge=7, description="replaced files, which readers may still be reading")


class ScheduleSettings(Strict):
    """Patience and limits of the scheduled runs."""

    deadline_minutes: int = Field(
        480,
        ge=1,
        description="alert when a run is not done so long after it was queued; a day's own run is queued at midnight",
    )
    landing_timeout_minutes: int = Field(1440, ge=1, description="how long a run waits for its day to land")
    poll_seconds: int = Field(
        300, ge=1, description="pause between two looks at what has landed, or whether the lake is free"
    )
    task_timeout_minutes: int = Field(
        720,
        ge=1,
        description="how long a command may run, and before that wait for another run to leave the lake",
    )
    retry_delay_seconds: int = Field(120, ge=1, description="pause before the first retry; later ones double")
    page_folder: str | None = Field(
        None,
        description="where the page is written; default `page` in the lake's folder, needed where that is a URI",
    )
    spark_connection: str | None = Field(
        None, description="Airflow connection that must exist; without it, activelake_spark if it exists"
    )
