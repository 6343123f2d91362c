"""A table describes itself from its declaration, and its example runs on the demo shop."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections import Counter

import pytest
from rich.console import Console

from conf.errors import ConfigError
from jobs.cli.description import described, example
from jobs.cli.main import app
from jobs.lake.select import query
from jobs.lake.tables import Lake
from schemas.catalog import METRIC_REPORTS, TABLES
from schemas.columns.identity import SCOPE_TYPES
from schemas.contract import Table
from schemas.metrics.additivity import added_over
from schemas.reasons import LATE_REASONS, REASONS
from schemas.reports.activity import ACTIVITY_DAILY
from schemas.reports.declaration import Report


def _columns(name: str) -> dict[str, dict[str, object]]:
    return {column["column"]: column for column in described(name)["columns"]}


def test_what_is_declared_of_a_table_is_said() -> None:
    description = described("user_scope_day")
    assert {name: description[name] for name in ("table", "grain", "key", "day", "inputs", "owner")} == {
        "table": "facts.user_scope_day",
        "grain": "One row per user, scope, group and active day.",
        "key": ["event_date", "scope_type", "scope_id", "group_type", "group_id", "user_id"],
        "day": "event_date",
        "inputs": ["clean.events", "clean.users", "clean.members"],
        "owner": "data-platform",
    }
    assert _columns("user_scope_day")["user_id"] == {
        "column": "user_id", "type": "string", "unit": "", "is_nullable": False, "is_personal": True, "is_key": True,
        "allowed": [], "meaning": "The shop's own identifier of a user.", "added_over": None, "source": None,
        "expression": None,
    }  # fmt: skip


def test_a_metric_says_how_it_is_computed_and_over_what_it_may_be_added() -> None:
    columns = _columns("activity_daily")
    assert [columns["events"][name] for name in ("source", "expression", "added_over")] == [
        "facts.user_scope_day",
        "sum(events)",
        ["activity_date", "scope_id of one scope_type", "group_id of one group_type"],
    ]
    assert columns["dau"]["added_over"] == []
    assert columns["anonymous_events"]["added_over"] == ["activity_date", "group_id of one group_type"]
    assert _columns("overview")["events"]["added_over"] == ["activity_date"]
    assert _columns("engagement")["users"]["added_over"] == ["active_days"]


def test_a_fact_says_over_what_it_may_be_added_and_not_how_a_report_adds_it() -> None:
    events = _columns("user_scope_day")["events"]
    assert events["added_over"] == [
        "event_date", "scope_id of one scope_type", "group_id of one group_type", "user_id",
    ]  # fmt: skip
    assert (events["source"], events["expression"]) == (None, None)


def test_reasons_are_listed_where_a_table_holds_them() -> None:
    assert [reason["reason"] for reason in described("late_event")["reasons"]] == list(LATE_REASONS)
    assert {reason["outcome"] for reason in described("ingest_balance")["reasons"]} == REASONS.keys()
    assert described("events")["reasons"] == []


def test_raw_tables_have_one_form_and_no_example() -> None:
    description = described("raw")
    assert (description["table"], description["key"]) == ("raw.<mapping>_<input>", ["file", "position"])
    assert described("raw.shop_log") == {**description, "table": "raw.shop_log"}
    assert description["example"] is None


def test_a_mistyped_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="overviw: no such table; did you mean reports.overview?"):
        described("overviw")


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_table_describes_itself_without_a_personal_value(table: Table) -> None:
    description = described(table.name)
    assert [column["column"] for column in description["columns"]] == list(table.names)
    personal = {column.name for column in table.columns if column.personal}
    assert personal.isdisjoint(description["example"].replace(",", "").split())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "overview",
            "select activity_date, scope_type, events, dau, wau, mau28 from reports.overview where is_complete"
            " order by activity_date desc, scope_type limit 10",
        ),
        (
            "events",
            "select event_date, count(*) as row_count from clean.events group by event_date"
            " order by event_date desc limit 10",
        ),
        ("users", "select count(*) as row_count from clean.users"),
        (
            "freshness",
            "select table_name, last_arrival_date, closed_through, published_version from reports.freshness"
            " order by table_name limit 10",
        ),
    ],
)
def test_an_example_follows_from_the_declaration(name: str, text: str) -> None:
    assert described(name)["example"] == text


def test_csv_has_a_row_for_each_column_and_json_is_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    app(["describe", "orders_daily", "--format", "csv"], standalone_mode=False)
    rows = {row["column"]: row for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    assert list(rows) == list(TABLES["reports.orders_daily"].names)
    assert [rows[name]["added_over"] for name in ("orders", "buyers", "is_complete")] == [
        "order_date, scope_id of one scope_type", "nothing", "",
    ]  # fmt: skip
    app(["describe", "orders_daily", "--format", "json"], standalone_mode=False)
    assert json.loads(capsys.readouterr().out) == described("orders_daily")


@pytest.mark.parametrize("width", [80, 160])
def test_a_person_sees_every_column_whole(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("jobs.cli.dictionary.screen", Console(width=width))
    app(["describe", "activity_daily"], standalone_mode=False)
    *shown, command = capsys.readouterr().out.splitlines()
    assert command == f'activelake sql "{example(ACTIVITY_DAILY)}"'
    assert max(map(len, shown)) <= width and "…" not in "".join(shown)
    first_words = [line.split()[0] for line in shown if line and line[0] != " "]
    assert set(ACTIVITY_DAILY.names) <= set(first_words)
    assert "over activity_date, group_id of one group_type: anonymous_events, " in " ".join(shown)


def test_a_description_needs_neither_lake_nor_settings_nor_spark() -> None:
    program = (
        "import sys\n"
        "from jobs.cli.main import app\n"
        "app(['--conf', '/nowhere', '--lake', '/nowhere', 'describe', 'retention'], standalone_mode=False)\n"
        "sys.exit(', '.join({'pyspark', 'deltalake', 'pyarrow', 'conf.settings'} & sys.modules.keys()) or 0)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_the_example_of_every_table_runs_on_the_demo_shop(demo_lake: Lake) -> None:
    written = [table for table in TABLES.values() if demo_lake.exists(table)]
    counts = {table.name: query(demo_lake, example(table)).num_rows for table in written}
    assert {
        name for name, count in counts.items() if count == 0 and demo_lake.count_rows(TABLES[name])
    } == set()
    assert len(counts) > 20


def _added_over_codes(report: Report) -> list[str]:
    return [
        metric.name for metric in report.metrics if "scope_id of one scope_type" in added_over(report, metric)
    ]


def test_what_may_be_added_over_the_codes_of_a_type_adds_up_to_the_figures_of_all(demo_lake: Lake) -> None:
    compared = []
    for report in filter(_added_over_codes, METRIC_REPORTS):
        others = [name for name in report.key if name not in ("scope_type", "scope_id")]
        sums = [f"sum({name}) as {name}" for name in _added_over_codes(report)]
        text = f"select {', '.join([*others, *sums])} from {report.name} where scope_type = '{{}}' group by all order by all"
        whole, *parts = (query(demo_lake, text.format(kind)).to_pylist() for kind in SCOPE_TYPES)
        for part in filter(None, parts):
            assert part == whole
            compared.append(report.name)
    assert Counter(compared) >= Counter({"reports.activity_daily": 3, "reports.events_daily": 3})
