"""What happened: one table per kind of record."""

from schemas.columns import COLUMNS
from schemas.contract import Table, pick

OWNER = "data-platform"

RUN = Table(
    name="ops.run",
    grain="One row per run and command.",
    key=("run_id", "command"),
    columns=pick(
        COLUMNS,
        "run_id command started_at finished_at? exit_code? date_from? date_to? code_version config_hash"
        " change_reason? requested_by?",
    ),
    owner=OWNER,
)
INGESTED_FILE = Table(
    name="ops.ingested_file",
    grain="One row per landed file that was ingested.",
    key=("input", "file"),
    columns=pick(COLUMNS, "input file landing_date content_hash bytes lines_in run_id"),
    owner=OWNER,
)
REINGEST = Table(
    name="ops.reingest",
    grain="One row per ingested file that a replay reads again and has not finished; the next ingestion finishes it.",
    key=("input", "file"),
    columns=pick(COLUMNS, "input file landing_date run_id"),
    owner=OWNER,
)
INGEST_BALANCE = Table(
    name="ops.ingest_balance",
    grain="One row per source, file, arrival date, outcome and reason; records of a file sum to its lines_in.",
    key=("source", "file", "arrival_date", "outcome", "reason"),
    columns=pick(COLUMNS, "source file arrival_date outcome reason records run_id"),
    owner=OWNER,
    day="arrival_date",
)
LATE_ENTRY = Table(
    name="ops.late_entry",
    grain="One row per late event of clean.late_event that a backfill has brought into clean.events, where it stays.",
    key=("source", "file", "position"),
    columns=pick(COLUMNS, "source file position landing_date event_date run_id"),
    owner=OWNER,
)
LATENESS = Table(
    name="ops.lateness",
    grain="One row per event date, arrival date and scope with qualifying events that came too late and are not counted.",
    key=("event_date", "arrival_date", "scope_type", "scope_id"),
    columns=pick(COLUMNS, "event_date arrival_date scope_type scope_id late_events late_users"),
    owner=OWNER,
    inputs=("clean.late_event", "ops.late_entry", "clean.users", "clean.members", "facts.user_scope_day"),
)
QUALITY_RESULT = Table(
    name="ops.quality_result",
    grain="One row per run, table and expectation.",
    key=("run_id", "table_name", "rule"),
    columns=pick(
        COLUMNS,
        "run_id table_name expectation rule severity is_success element_count? unexpected_count?"
        " observed? stage_digest?",
    ),
    owner=OWNER,
)
STAGE = Table(
    name="ops.stage",
    grain="One row per staged table; the next computation replaces them.",
    key=("table_name",),
    columns=pick(COLUMNS, "table_name run_id date_from? date_to? row_count stage_digest"),
    owner=OWNER,
)
PROFILE = Table(
    name="ops.profile",
    grain="One row per clean or fact table, day and column, and one for all days of the run; the next"
    " computation replaces them.",
    key=("table_name", "profile_date", "column_name"),
    columns=pick(
        COLUMNS,
        "run_id table_name table_version profile_date? column_name row_count key_duplicates null_count"
        " outside_count distinct_count? min_value? max_value? sum_value?",
    ),
    owner=OWNER,
)
PUBLICATION = Table(
    name="ops.publication",
    grain="One row per publication and table.",
    key=("run_id", "table_name"),
    columns=pick(
        COLUMNS,
        "run_id table_name date_from? date_to? row_count stage_digest digest table_version"
        " input_versions code_version config_hash published_at",
    ),
    owner=OWNER,
)
METRIC_DEFINITION = Table(
    name="ops.metric_definition",
    grain="One row per table, metric and definition hash.",
    key=("table_name", "metric", "definition_hash"),
    columns=pick(COLUMNS, "table_name metric meaning unit expression is_additive definition_hash"),
    owner=OWNER,
)
LAKE_FORMAT = Table(
    name="ops.lake_format",
    grain="One row per format version that the lake has had; a lake without rows is of version 0.",
    key=("format_version",),
    columns=pick(COLUMNS, "format_version applied_at code_version"),
    owner=OWNER,
)
ALERT = Table(
    name="ops.alert",
    grain="One row per alert that was raised about a scheduled run.",
    key=("alert", "scheduled_run", "raised_at"),
    columns=pick(COLUMNS, "alert scheduled_run raised_at alert_text"),
    owner=OWNER,
)
